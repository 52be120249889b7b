// The batch of the fast path: reads values and times of lines without searching for their fields.
//
// A value is the number before the newline, and a time ends at the first delimiter.

import { earliest, latestTime, paneEnd, paneStart, watermarkGoal } from './event-time';
import { BATCH, MASKS, MINUS, POINT, WEIGHTS, ZERO } from './layout';
import { behindDelimiter, filled, firstDelimiter } from './line-index';
import { isPoint, notDigits, pointOf, scaleOf, unitsOf, withoutPoint, wordOf } from './read-decimal';
import { readTime } from './read-time';
import { delimiter } from './shape';
import {
  expectedIn,
  formOf,
  lanesIn,
  leastIn,
  limitsIn,
  MAX_CHARACTERS,
  MAX_SCALE,
  mostIn,
  numberOf,
} from './short-values';

// Offsets in a line of the batch. The time is set only if lines have times.
export const LINE_VALUE: u32 = 0;
/** The address of the delimiter before the value; upper four bits: 1 + the value's scale, or 0 for the usual scale. */
export const LINE_DELIMITER: u32 = 4;
export const LINE_TIME: u32 = 8;
export const LINE_NAME: u32 = 16;
export const LINE_SIZE: u32 = 24;
const MAX_LINES: u32 = 128;

/** The position of the scale in LINE_DELIMITER, and the mask of the address. */
export const OTHER_SHIFT: u32 = 28;
export const ADDRESS: u32 = (1 << OTHER_SHIFT) - 1;

@inline
export function lineAt(index: u32): u32 {
  return BATCH + index * LINE_SIZE;
}

@inline
export function linesBefore(line: u32): u32 {
  return (line - BATCH) / LINE_SIZE;
}

/** Reads the values of lines into the batch, up to a line that is not common; returns how many. */
export function readValues(first: u32, scale: u32): u32 {
  const separator = delimiter;
  const form = formOf(scale);
  const expected = expectedIn(form);
  const limits = limitsIn(form);
  const lanes = lanesIn(form);
  const tens = v128.load(WEIGHTS);
  const hundreds = v128.load(WEIGHTS, 16);
  const tenThousands = v128.load(WEIGHTS, 32);
  const least = leastIn(form);
  const most = mostIn(form);
  const end = min(filled, first + MAX_LINES * 4);
  let line = BATCH;
  let at = first;
  while (true) {
    for (; at < end; at += 4, line += LINE_SIZE) {
      const newline = load<u32>(at);
      const characters = v128.xor(v128.load(newline - 16), expected);
      const right = i8x16.eq(i8x16.min_u(characters, limits), characters);
      const wrong = u32(i8x16.bitmask(right)) ^ 0xffff;
      // The length of the value without its sign, plus 16.
      const length = u32(clz(wrong | most));
      const before = newline + 15 - length;
      const negative = u32(load<u8>(before) == MINUS);
      if (((u32(load<u8>(before - negative)) ^ separator) | (wrong & least)) != 0) break;
      const digits = i8x16.swizzle(v128.and(characters, v128.load(length, MASKS - 32)), lanes);
      const units = numberOf(digits, tens, hundreds, tenThousands);
      store<i32>(line, (units ^ -i32(negative)) + i32(negative), LINE_VALUE);
      store<u32>(line, before - negative, LINE_DELIMITER);
      store<u32>(line, load<u32>(at - 4) + 1, LINE_NAME);
    }
    if (at == end || !readOther(at, line)) return linesBefore(line);
    at += 4;
    line += LINE_SIZE;
  }
}

/** Reads a value of up to eight characters and any scale into the batch; false if it is not one. */
function readOther(at: u32, line: u32): bool {
  const name = load<u32>(at - 4) + 1;
  const newline = load<u32>(at);
  const value = behindDelimiter(name, newline);
  const negative = u32(load<u8>(value) == MINUS);
  const length = newline - value - negative;
  if (length - 1 >= MAX_CHARACTERS) return false;
  let word = wordOf(value + negative, length);
  const point = pointOf(word);
  if (point != 0) {
    if (!isPoint(word, point) || length == 1) return false;
    word = withoutPoint(word, point);
  }
  if (notDigits(word) != 0) return false;
  const units = i32(unitsOf(word));
  store<i32>(line, (units ^ -i32(negative)) + i32(negative), LINE_VALUE);
  store<u32>(line, (value - 1) | (u32(scaleOf(point) + 1) << OTHER_SHIFT), LINE_DELIMITER);
  store<u32>(line, name, LINE_NAME);
  return true;
}

/** Reads the times of the batch's lines, up to one outside the current pane; returns how many. */
export function readTimes(first: u32, lines: u32): u32 {
  const separator = delimiter;
  const from = max(earliest, paneStart);
  // Times are whole milliseconds, so `latestTime + 1` is an exclusive bound.
  const to = min(min(watermarkGoal, paneEnd), latestTime + 1);
  const end = lineAt(lines);
  let line = BATCH;
  for (; line < end; line += LINE_SIZE) {
    const start = load<u32>(line, LINE_NAME);
    let timeEnd = start + 20;
    if (load<u8>(timeEnd) != separator) timeEnd = firstDelimiter(start, load<u32>(line, LINE_DELIMITER) & ADDRESS);
    const time = readTime(start, timeEnd);
    // Negated, so that NaN (not a time) stops here too.
    if (!(time >= from && time < to)) break;
    store<f64>(line, time, LINE_TIME);
    store<u32>(line, timeEnd + 1, LINE_NAME);
  }
  return linesBefore(line);
}

/** The number of digits between the last point and a newline; 0 if another character, or too many digits, come first. */
export function scaleBefore(newline: u32): u32 {
  for (let scale: u32 = 0; scale <= MAX_SCALE; scale++) {
    const byte = u32(load<u8>(newline - 1 - scale));
    if (byte == POINT) return scale;
    if (byte - ZERO > 9) break;
  }
  return 0;
}
