/** Reads the options for redaction. */

import { Failure, status } from '../../failure.ts';
import { readWholeFile } from '../../files/whole-file.ts';
import { hashing, masking, type Redaction } from './redact.ts';

const NEWLINE = 10;
const LARGEST_KEY = 1 << 20;

interface RedactOptions {
  readonly redact: 'mask' | 'hash' | undefined;
  readonly 'redact-key-file': string | undefined;
  readonly rejects: string | undefined;
}

/** How to redact columns; undefined without redaction. @throws Failure (usage, no input) */
export async function readRedaction(options: RedactOptions): Promise<Redaction | undefined> {
  const { redact, 'redact-key-file': keyFile, rejects } = options;
  if (redact !== 'hash' && keyFile !== undefined) usage('--redact-key-file needs --redact hash');
  if (redact === undefined) return undefined;
  if (rejects !== undefined) usage('--rejects would store lines unredacted, so it does not go with --redact');
  if (redact === 'mask') return masking();
  if (keyFile === undefined) usage('--redact hash needs a key: --redact-key-file FILE');
  return hashing(await readKey(keyFile));
}

/** The key in a file, without the final newline that editors add. @throws Failure (no input, usage) */
async function readKey(file: string): Promise<Buffer> {
  const key = await readWholeFile(file, { most: LARGEST_KEY });
  const end = key.at(-1) === NEWLINE ? key.length - 1 : key.length;
  return end > 0 ? key.subarray(0, end) : usage(`${file}: the key is empty`);
}

function usage(message: string): never {
  throw new Failure(status.usage, message);
}
