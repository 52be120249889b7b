/**
 * Decodes input in other encodings into UTF-8, which all readers of lines expect.
 *
 * A byte order mark decides; without one it is the encoding that the user names, or UTF-8, which passes unchanged. What
 * cannot be decoded becomes a byte that is invalid in UTF-8, so that its line is rejected by the rule of `text.ts`. Memory:
 * one chunk.
 */

import { Failure, status } from '../failure.ts';
import { quote } from './line.ts';
import { peek } from './peek.ts';
import { encodeText } from './text.ts';

/** A name as in the Encoding Standard, such as `windows-1252`. */
export type Encoding = string;

/** Some names, for messages. */
export const someEncodings = ['latin1', 'windows-1252', 'utf-16le', 'shift_jis'] as const;

/** How many bytes `mayNeedDecoding` needs. */
const HINT_LENGTH = 2;
const MARK_LENGTH = 4;

/** The characters of the bytes 0x80 to 0x9f, which many releases of Node 20 to 25 decode wrongly (nodejs/node#56542). */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9dž\u0178';

/** Parses `--encoding`; undefined for UTF-8. @throws Error with a message for the user if it is unknown */
export function parseEncoding(text: string): Encoding | undefined {
  try {
    const { encoding } = new TextDecoder(text);
    return encoding === 'utf-8' ? undefined : encoding;
  } catch {
    throw new Error(`unknown encoding: ${quote(text)} (known: ${someEncodings.join(', ')}, ...)`);
  }
}

/** Whether input with these first bytes (at least two) may not be UTF-8. */
export function mayNeedDecoding(head: Buffer, encoding: Encoding | undefined): boolean {
  const [first, second] = head;
  const isMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return encoding !== undefined || isMark || (second !== undefined && (first === 0) !== (second === 0));
}

/**
 * The same input as UTF-8.
 *
 * @param encoding of input without a byte order mark; undefined for UTF-8
 * @throws Failure (data) for UTF-32, and for UTF-16 with neither a byte order mark nor `encoding`
 */
export async function* decoded(
  chunks: AsyncIterable<Buffer>,
  name: string,
  encoding: Encoding | undefined,
): AsyncGenerator<Buffer> {
  const hint = await peek(chunks, HINT_LENGTH);
  if (!mayNeedDecoding(hint.head, encoding)) {
    yield* hint.all;
    return;
  }
  // Do not wait for more bytes in vain: the whole input may be a digit and its newline.
  const { head, all } = isPartOfMark(hint.head) ? await peek(hint.all, MARK_LENGTH) : hint;
  const actual = markedEncoding(head, name) ?? encoding ?? unmarkedEncoding(head, name);
  if (actual === 'utf-8') yield* all;
  else yield* intoUtf8(all, actual);
}

function isPartOfMark(head: Buffer): boolean {
  return mayNeedDecoding(head, undefined) || (head[0] === 0xef && head[1] === 0xbb);
}

/** The encoding given by the byte order mark; undefined without one. */
function markedEncoding(head: Buffer, name: string): Encoding | undefined {
  const mark = head.toString('latin1', 0, MARK_LENGTH);
  if (mark === '\xff\xfe\0\0') throw toConvert(name, 'UTF-32');
  if (mark.startsWith('\xff\xfe')) return 'utf-16le';
  if (mark.startsWith('\xfe\xff')) return 'utf-16be';
  return mark.startsWith('\xef\xbb\xbf') ? 'utf-8' : undefined;
}

/** UTF-8. @throws Failure (data) if every second byte is NUL */
function unmarkedEncoding(head: Buffer, name: string): Encoding {
  const nuls = [...head.subarray(0, MARK_LENGTH)].map((byte) => (byte === 0 ? '0' : 'x')).join('');
  if (nuls === 'x0x0') throw toConvert(name, 'UTF-16LE');
  if (nuls === '0x0x') throw toConvert(name, 'UTF-16BE');
  return 'utf-8';
}

function toConvert(name: string, from: string): Failure {
  return new Failure(status.data, `${name}: is ${from}: convert it first with: iconv -f ${from} -t UTF-8`);
}

async function* intoUtf8(chunks: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  if (encoding === 'windows-1252') {
    for await (const chunk of chunks) yield Buffer.from(fromWindows1252(chunk));
    return;
  }
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield toBytes(decoder.decode(chunk, { stream: true }));
  yield toBytes(decoder.decode());
}

function fromWindows1252(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80] ?? character);
}

/** Replaces U+FFFD, which the decoder puts for undecodable bytes, by an invalid byte: two names must not become equal. */
function toBytes(text: string): Buffer {
  return encodeText(text.replaceAll('\ufffd', '\udcff'));
}
