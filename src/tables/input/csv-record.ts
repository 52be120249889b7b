/**
 * One CSV record, as RFC 4180 says, from bytes: the offsets of its fields.
 *
 * A field in quotes may hold the delimiter, doubled quotes and line breaks; a quote elsewhere is a mistake. An empty
 * field is null, and `""` is empty text.
 *
 * csv-parse alone takes 2.3 times the CPU time of all of load-rows with this reader (200,000 lines of a web log).
 */

import { NULL } from './batch.ts';

const [NEWLINE, RETURN, QUOTE] = [10, 13, 34];

/** Returned by scanRecord for a record without an end: its quote is still open. */
export const OPEN = -1;
/** Returned by scanRecord for a record with a quote where none may be. */
const MALFORMED = -2;

/** Where the fields of a record are written to, and what was seen of them. */
export interface Fields {
  starts: Int32Array;
  ends: Int32Array;
  /** Index of the first field. */
  at: number;
  /** Fields to write; further ones are only counted. */
  room: number;
  /** Fields of the record. */
  count: number;
  /** Line breaks in quotes. */
  breaks: number;
  /** Whether there are doubled quotes. */
  doubled: boolean;
}

/** For the fields of one record after the other. */
export function newFields(room: number): Fields {
  const [starts, ends] = [new Int32Array(room), new Int32Array(room)];
  return { starts, ends, at: 0, room, count: 0, breaks: 0, doubled: false };
}

/**
 * Reads the record that begins at `start`.
 *
 * @returns offset of the next record, one more than the length when this one had no newline; OPEN or another negative
 *   number when it is none
 */
export function scanRecord(bytes: Buffer, start: number, delimiter: number, fields: Fields): number {
  const end = bytes.length;
  const { starts, ends, room } = fields;
  fields.breaks = 0;
  fields.doubled = false;
  let field = fields.at;
  let count = 0;
  let at = start;
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
      if (at < end && bytes[at] !== delimiter && bytes[at] !== NEWLINE) return MALFORMED;
    } else {
      for (let byte = bytes[at]; at < end && byte !== delimiter && byte !== NEWLINE; byte = bytes[++at])
        if (byte === QUOTE) return MALFORMED;
      to = at;
      if (to > from && bytes[to - 1] === RETURN && (to === end || bytes[to] === NEWLINE)) to--;
    }
    if (count++ < room) {
      starts[field] = to === from && !quoted ? NULL : from;
      ends[field++] = to;
    }
    if (at >= end || bytes[at] === NEWLINE) {
      fields.count = count;
      return at + 1;
    }
    at++;
  }
}

/** Offset of the quote that ends a field; -1 when there is none. */
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

/** Whether the last fields of a record are empty: then it ends in as many delimiters. */
export function endsInDelimiters(record: Buffer, count: number, delimiter: number): boolean {
  let end = record.length;
  if (record[end - 1] === NEWLINE) end--;
  if (record[end - 1] === RETURN) end--;
  return record.subarray(end - count, end).every((byte) => byte === delimiter);
}
