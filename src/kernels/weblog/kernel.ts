/**
 * The kernel of parse-log: from the bytes of plain lines to the bytes of rows.
 *
 * It is AssemblyScript, like the kernel of get-stats, whose first comment explains how to read it. Its host,
 * `src/weblog/parse/log-kernel.ts`, writes the formats of lines and the columns of rows into its memory once, then lines,
 * and calls `run`, which reads lines and writes their rows up to a line that is not plain. The host parses that one with
 * `parse-line.ts`. So the kernel never decides what is an error, and a row it writes is the one the host would write.
 *
 * A plain line is ASCII without escapes, and each of its fields has the usual form, as defined by `read-line.ts`. Text is
 * scanned and copied 16 bytes at a time; nothing is decoded.
 */

import { readLine } from './read-line';
import { SPAN, SPANS } from './layout';
import { writeRow } from './write-row';

export { readLine } from './read-line';
export { rowsEnd, setColumns, setRows, writeRow } from './write-row';
export { setOffset, setUtc } from './time';

// Results of `run`.
const ALL_READ: i32 = 0;
/** The line at `lineStart` is not plain. */
const ODD_LINE: i32 = 1;
/** There is no room for the row of the line at `lineStart`. */
const FULL: i32 = 2;

/** The address of the current line. */
export let lineStart: u32 = 0;
/** The number of lines that `run` has read. */
export let count: u32 = 0;

/** Clears the values of a line of another format, which lines of the next format may lack. */
export function clearValues(slots: u32): void {
  memory.fill(SPANS, 0, slots * SPAN);
}

/** Writes the rows of the lines from `start` to `end`, up to one without this format. The last line ends with a newline. */
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
