// Writes rows of CSV or JSON by copying the values of a line.

import { BLANK, CLOSING_BRACE, COLUMN, IS_TIME, NEWLINE, NUMBER, QUOTE, SPAN, SPANS, TIME } from './layout';
import { WALL_CLOCK } from './layout';
import { copy } from './byte-runs';
import { timeLength } from './time';

/** The length of `YYYY-MM-DDTHH:MM:SS`, and the offset of its T. */
const WALL_CLOCK_LENGTH: u32 = 19;
const T_AT: u32 = 10;

let columns: u32 = 0;
let columnsEnd: u32 = 0;
let isJson: bool = false;
let nullText: u32 = 0;
let nullLength: u32 = 0;
/** The most bytes that a row can have besides the values of its line. */
let margin: u32 = 0;

/** The end of the rows written so far. */
export let rowsEnd: u32 = 0;
let limit: u32 = 0;

/** Sets the columns of all rows, the text of null (address and length), and the margin. */
export function setColumns(at: u32, count: u32, json: bool, nullAt: u32, nullIs: u32, most: u32): void {
  columns = at;
  columnsEnd = at + count * COLUMN;
  isJson = json;
  nullText = nullAt;
  nullLength = nullIs;
  margin = most;
}

/** Sets the memory for the next rows. */
export function setRows(start: u32, end: u32): void {
  rowsEnd = start;
  limit = end;
}

/** Writes the row of the line that was read; false if there is no room. `length` bounds the length of all its values. */
export function writeRow(length: u32): bool {
  if (rowsEnd + length + margin > limit) return false;
  let to = rowsEnd;
  for (let column = columns; column < columnsEnd; column += COLUMN) {
    const before = load<u32>(column + 12);
    copy(to, load<u32>(column + 8), before);
    to = writeValue(to + before, SPANS + load<u32>(column) * SPAN, load<u32>(column + 4));
  }
  if (isJson) store<u8>(to++, CLOSING_BRACE);
  store<u8>(to, NEWLINE);
  rowsEnd = to + 1;
  return true;
}

/** Writes a value. @returns its end */
function writeValue(start: u32, span: u32, flags: u32): u32 {
  let to = start;
  const isTime = (flags & IS_TIME) != 0;
  const from = isTime ? TIME : load<u32>(span);
  const length = isTime ? ((flags & WALL_CLOCK) != 0 ? WALL_CLOCK_LENGTH : timeLength) : load<u32>(span + 4) - from;
  if (length == 0) {
    copy(to, nullText, nullLength);
    return to + nullLength;
  }
  const quotes = isJson ? (flags & NUMBER) == 0 : !isTime && load<u32>(span + 8) != 0;
  if (quotes) store<u8>(to++, QUOTE);
  copy(to, from, length);
  if ((flags & WALL_CLOCK) != 0) store<u8>(to + T_AT, BLANK);
  to += length;
  if (quotes) store<u8>(to++, QUOTE);
  return to;
}
