/** Encodes a row of a batch as a SQLite record: the serial types of its fields, then their text. */

import { type Batch, NULL } from '../input/batch.ts';

/** Shorter fields, in bytes, are faster to copy in a loop. */
const WORTH_A_CALL = 48;
const TEXT = 13;

/** Length in bytes of a row's record. */
export function recordSize(batch: Batch, row: number): number {
  const size = batch.names.length;
  let header = 0;
  let body = 0;
  for (let at = row * size; at < (row + 1) * size; at++) {
    const start = batch.starts[at] ?? NULL;
    const length = (batch.ends[at] ?? 0) - start;
    header += start === NULL ? 1 : varintSize(textType(length));
    if (start !== NULL) body += length;
  }
  return headerSize(header) + body;
}

/** Writes a row's record at an offset with enough room. */
export function putRecord(target: Buffer, start: number, batch: Batch, row: number): void {
  const { bytes, starts, ends } = batch;
  const [first, last] = [row * batch.names.length, (row + 1) * batch.names.length];
  let header = 0;
  for (let at = first; at < last; at++)
    header += starts[at] === NULL ? 1 : varintSize(textType((ends[at] ?? 0) - (starts[at] ?? 0)));
  let to = putVarint(target, start, headerSize(header));
  for (let at = first; at < last; at++)
    to = putVarint(target, to, starts[at] === NULL ? 0 : textType((ends[at] ?? 0) - (starts[at] ?? 0)));
  for (let at = first; at < last; at++) {
    const end = ends[at] ?? 0;
    let from = starts[at] ?? NULL;
    if (from === NULL) continue;
    if (end - from > WORTH_A_CALL) to += bytes.copy(target, to, from, end);
    else while (from < end) target[to++] = bytes[from++] ?? 0;
  }
}

/** Length of the header, which includes its own length prefix. */
function headerSize(types: number): number {
  return types + (types + 1 < 128 ? 1 : types + 2 < 16_384 ? 2 : 3);
}

/** The serial type of text with this length in bytes. */
export function textType(length: number): number {
  return TEXT + 2 * length;
}

/** Length in bytes of a number below 2^28 as a varint. */
export function varintSize(number: number): number {
  return number < 1 << 7 ? 1 : number < 1 << 14 ? 2 : number < 1 << 21 ? 3 : 4;
}

/** Writes a number below 2^28 as a varint. @returns the end offset */
export function putVarint(target: Buffer, start: number, number: number): number {
  let at = start;
  for (let shift = 7 * (varintSize(number) - 1); shift > 0; shift -= 7)
    target[at++] = 0x80 | ((number >> shift) & 0x7f);
  target[at++] = number & 0x7f;
  return at;
}
