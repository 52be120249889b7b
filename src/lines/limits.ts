/** The limits of a line, and of a multi-line CSV record, for all readers of lines. */

import type { Rejection } from './line.ts';

/** In bytes, without BOM, carriage return and newline: the limit of a line, and of a CSV record with quoted line breaks. */
export const LONGEST_LINE = 1 << 20;

/** More lines are not a record: its opening quote is a mistake. */
export const MAX_RECORD_LINES = 100;

/** Of a sensor's name, in bytes: a row with it fits into a line, even if every character is escaped. */
export const LONGEST_NAME = 1 << 16;

/** The bytes kept of a line that is too long. */
export const SHOWN_OF_LONG = 1 << 10;

const [NEWLINE, RETURN] = [10, 13];
const BOM = Buffer.from('\ufeff');

/** Whether a line, or the beginning of one, exceeds the limit; a line ending does not count. */
export function isTooLong(line: Buffer, limit = LONGEST_LINE): boolean {
  let { length } = line;
  if (length <= limit) return false;
  if (line[length - 1] === NEWLINE) length -= 1;
  if (line[length - 1] === RETURN) length -= 1;
  return length > limit;
}

/** The bytes of a source without the BOM, if they begin with one. */
export function withoutBom(bytes: Buffer): Buffer {
  const hasBom = bytes.length >= BOM.length && bytes.compare(BOM, 0, BOM.length, 0, BOM.length) === 0;
  return hasBom ? bytes.subarray(BOM.length) : bytes;
}

/** The rejection of a line that is too long. */
export const tooLong: Rejection = { kind: 'too long', detail: `line is longer than ${LONGEST_LINE} bytes` };

/** The rejection of the first line of a record that is too long. */
export const tooLongRecord: Rejection = {
  kind: 'too long',
  detail: `record is longer than ${LONGEST_LINE} bytes`,
};

/** The rejection of a line whose row, with its newline, no reader would accept; undefined if it is acceptable. */
export function unreadableRow(row: string): Rejection | undefined {
  const isLong = row.length > LONGEST_LINE / 3 && Buffer.byteLength(row) > LONGEST_LINE + 1;
  if (isLong) return { kind: 'too long', detail: `its row is longer than ${LONGEST_LINE} bytes` };
  const hasBreaks = row.indexOf('\n') < row.length - 1;
  if (!hasBreaks || row.split('\n').length - 1 <= MAX_RECORD_LINES) return undefined;
  return { kind: 'too long', detail: `its row has more than ${MAX_RECORD_LINES} lines` };
}
