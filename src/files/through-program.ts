/** Decompresses bytes with an installed program. */

import type { ChildProcess } from 'node:child_process';
import { later } from '../async/later.ts';
import { errorCode, errorText, Failure, status } from '../failure.ts';

/**
 * The output of `PROGRAM -dc` for these bytes.
 *
 * @param name of the input, for messages @throws Failure (no input) when the program is not installed, (I/O) when it fails
 */
export async function* throughProgram(
  program: string,
  bytes: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<Buffer> {
  const { spawn } = await import('node:child_process');
  const { pipeline, Readable } = await import('node:stream');
  const child = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = endOf(child);
  let failed: unknown;
  // EPIPE: the program ended before its input did, and its exit status says why.
  pipeline(Readable.from(bytes, { objectMode: false }), child.stdin, (error) => {
    if (errorCode(error) !== 'EPIPE') failed = error ?? undefined;
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, 1000);
  });
  try {
    yield* child.stdout;
    const end = await ended;
    if (failed !== undefined) throw failed;
    if (end instanceof Error) throw notStarted(end, program, name);
    const why = complaint.trim().split('\n', 1)[0];
    if (end !== 0) throw new Failure(status.io, `${name}: ${why || `${program}: exit status ${end}`}`);
  } finally {
    child.kill('SIGKILL');
  }
}

/** Its exit status, the name of the signal that killed it, or why it could not be started. */
function endOf(child: ChildProcess): Promise<number | string | null | Error> {
  return later(
    new Promise((resolve) => {
      child.on('error', resolve);
      child.on('close', (code, signal) => resolve(signal ?? code));
    }),
  );
}

function notStarted(error: Error, program: string, name: string): Failure {
  const why = errorCode(error) === 'ENOENT' ? 'which is not installed' : errorText(error);
  return new Failure(status.noInput, `${name}: is compressed with ${program}, ${why}`, { cause: error });
}
