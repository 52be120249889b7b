/**
 * The kernel of parse-log: from the bytes of plain lines to the bytes of rows.
 *
 * It is AssemblyScript, as is the one of get-stats, where it is said how to read that. The host, `../kernel.ts`, writes into
 * its memory once what a line looks like (formats and their fields) and what a row does (columns), and then lines; it calls
 * `run`, which reads and writes line by line, up to one that is not plain. That one is left to the host, which reads it with
 * care. So the kernel never decides what is an error; where it takes a line its row is that of the host.
 *
 * A plain line is ASCII without escapes, in which each field is as most are: `fields.ts` says how. Texts are passed and
 * copied 16 bytes at a time; nothing is decoded.
 */

import { readLine } from './read-line';
import { SPAN, SPANS } from './layout';
import { writeRow } from './write-row';

export { readLine } from './read-line';
export { rowsEnd, setColumns, setRows, writeRow } from './write-row';
export { setOffset, setUtc } from './time';

// Why `run` came back.
const ALL_READ: i32 = 0;
/** The line at `lineStart` is not plain. */
const ODD_LINE: i32 = 1;
/** There is no room for the row of the line at `lineStart`. */
const FULL: i32 = 2;

export let lineStart: u32 = 0;
/** How many lines `run` has read. */
export let count: u32 = 0;

/** What a line of another format had, the next one need not have. */
export function clearValues(slots: u32): void {
  memory.fill(SPANS, 0, slots * SPAN);
}

/** Reads the lines of this format from one address to another; the last one ends with a newline. */
export function run(format: u32, start: u32, end: u32): i32 {
  lineStart = start;
  count = 0;
  while (lineStart < end) {
    const next = readLine(format, lineStart);
    if (next == 0) return ODD_LINE;
    if (!writeRow(next - lineStart)) return FULL;
    lineStart = next;
    count++;
  }
  return ALL_READ;
}
