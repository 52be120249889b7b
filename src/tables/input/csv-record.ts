/**
 * Scans one CSV record (RFC 4180) from bytes: the offsets of its fields.
 *
 * A quoted field may contain the delimiter, doubled quotes and line breaks; a quote elsewhere is an error. An empty field is
 * null, and `""` is empty text.
 *
 * csv-parse alone takes 2.3 times the CPU time of all of load-rows with this scanner (200,000 lines of a web log).
 */

import type { CsvForm } from '../../lines/csv.ts';
import { NULL } from './batch.ts';

const [NEWLINE, RETURN, QUOTE] = [10, 13, 34];

/** Returned by scanRecord for an incomplete record: a quote is still open. */
export const OPEN = -1;
/** Returned by scanRecord for a misplaced quote. */
const MALFORMED = -2;

/** The offsets of a record's fields, and facts about the record. */
export interface Fields {
  starts: Int32Array;
  ends: Int32Array;
  /** Index of the first field. */
  at: number;
  /** Capacity: further fields are only counted. */
  room: number;
  /** Number of fields in the record. */
  count: number;
  /** Number of line breaks in quotes. */
  breaks: number;
  /** Whether it has doubled quotes. */
  doubled: boolean;
}

/** Reusable for one record after another. */
export function newFields(room: number): Fields {
  const [starts, ends] = [new Int32Array(room), new Int32Array(room)];
  return { starts, ends, at: 0, room, count: 0, breaks: 0, doubled: false };
}

/** The separator of fields. */
export interface Separator {
  readonly bytes: Buffer;
  /** The first byte. */
  readonly first: number;
  /** Whether a run of them counts as one, and as none at either end of a record. */
  readonly merges: boolean;
}

/** The separator of this CSV dialect. */
export function separatorOf({ delimiter, mergesDelimiters = false }: CsvForm): Separator {
  const bytes = Buffer.from(delimiter);
  return { bytes, first: bytes[0] ?? 0, merges: mergesDelimiters };
}

/**
 * Scans the record that begins at `start`.
 *
 * @returns offset of the next record, one past the length if this one has no newline; OPEN or another negative number if
 *   there is no record
 */
export function scanRecord(bytes: Buffer, start: number, separator: Separator, fields: Fields): number {
  const end = bytes.length;
  const { starts, ends, room } = fields;
  const { first, merges } = separator;
  const { length } = separator.bytes;
  fields.breaks = 0;
  fields.doubled = false;
  let field = fields.at;
  let count = 0;
  let at = merges ? afterRun(bytes, start, separator) : start;
  for (;;) {
    let from = at;
    let to: number;
    const quoted = bytes[at] === QUOTE;
    if (quoted) {
      to = closingQuote(bytes, at + 1, fields);
      if (to < 0) return OPEN;
      from = at + 1;
      at = to + 1;
      if (bytes[at] === RETURN && (at + 1 === end || bytes[at + 1] === NEWLINE)) at++;
      if (at < end && bytes[at] !== NEWLINE && !isAt(bytes, at, separator)) return MALFORMED;
    } else {
      for (let byte = bytes[at]; at < end && byte !== NEWLINE; byte = bytes[++at]) {
        if (byte === first && (length === 1 || isAt(bytes, at, separator))) break;
        if (byte === QUOTE) return MALFORMED;
      }
      to = at;
      if (to > from && bytes[to - 1] === RETURN && (to === end || bytes[to] === NEWLINE)) to--;
    }
    if (count++ < room) {
      starts[field] = to === from && !quoted ? NULL : from;
      ends[field++] = to;
    }
    if (merges) at = atEndOrSeparator(bytes, at, separator);
    if (at >= end || bytes[at] === NEWLINE) {
      fields.count = count;
      return at + 1;
    }
    at += length;
  }
}

/** Whether there is a separator at this offset. */
function isAt(bytes: Buffer, at: number, { bytes: expected, first }: Separator): boolean {
  if (bytes[at] !== first) return false;
  return expected.length === 1 || expected.equals(bytes.subarray(at, at + expected.length));
}

/** The offset after a run of separators. */
function afterRun(bytes: Buffer, start: number, separator: Separator): number {
  let at = start;
  while (isAt(bytes, at, separator)) at += separator.bytes.length;
  return at;
}

/** The offset of the last separator of a run, or of the end of the line if it follows the run. */
function atEndOrSeparator(bytes: Buffer, start: number, separator: Separator): number {
  const behind = afterRun(bytes, start, separator);
  const isReturn = bytes[behind] === RETURN && (behind + 1 === bytes.length || bytes[behind + 1] === NEWLINE);
  const end = isReturn ? behind + 1 : behind;
  if (end >= bytes.length || bytes[end] === NEWLINE) return end;
  return behind - separator.bytes.length;
}

/** Whether a record ends in this many separators, with only empty text between them. */
export function endsInSeparators(record: Buffer, count: number, separator: Separator): boolean {
  let end = record.length;
  if (record[end - 1] === NEWLINE) end--;
  if (record[end - 1] === RETURN) end--;
  for (let left = count; left > 0; left--) {
    if (record[end - 1] === QUOTE && record[end - 2] === QUOTE) end -= 2;
    end -= separator.bytes.length;
    if (end < 0 || !isAt(record, end, separator)) return false;
  }
  return true;
}

/** Offset of the closing quote of a field; -1 if there is none. */
function closingQuote(bytes: Buffer, start: number, fields: Fields): number {
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === NEWLINE) fields.breaks++;
    if (byte !== QUOTE) continue;
    if (bytes[at + 1] !== QUOTE) return at;
    fields.doubled = true;
    at++;
  }
  return -1;
}

/** The text of a field; undefined for null. */
export function fieldText(bytes: Buffer, { starts, ends }: Fields, at: number): string | undefined {
  const start = starts[at] ?? NULL;
  return start === NULL ? undefined : bytes.toString('utf8', start, ends[at]).replaceAll('""', '"');
}
