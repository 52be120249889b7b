/** One row as a record of SQLite: the types of its fields, then their text. */

import { type Batch, NULL } from '../input/batch.ts';

/** Shorter fields are copied faster byte by byte. */
const WORTH_A_CALL = 48;
const TEXT = 13;

/** In bytes. */
export function recordSize(batch: Batch, row: number): number {
  const size = batch.columns.length;
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

/** Writes a row at a place. */
export function putRecord(target: Buffer, start: number, batch: Batch, row: number): void {
  const { bytes, starts, ends } = batch;
  const [first, last] = [row * batch.columns.length, (row + 1) * batch.columns.length];
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

/** The header says its own size, too. */
function headerSize(types: number): number {
  return types + (types + 1 < 128 ? 1 : types + 2 < 16_384 ? 2 : 3);
}

/** The serial type of text of so many bytes. */
export function textType(length: number): number {
  return TEXT + 2 * length;
}

/** Of numbers below 2^28. */
export function varintSize(number: number): number {
  return number < 1 << 7 ? 1 : number < 1 << 14 ? 2 : number < 1 << 21 ? 3 : 4;
}

/** @returns the place behind it */
export function putVarint(target: Buffer, start: number, number: number): number {
  let at = start;
  for (let shift = 7 * (varintSize(number) - 1); shift > 0; shift -= 7)
    target[at++] = 0x80 | ((number >> shift) & 0x7f);
  target[at++] = number & 0x7f;
  return at;
}
