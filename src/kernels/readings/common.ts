// Common lines: `sensor,value` or `time,sensor,value`, with values of up to eight digits, of which only count, sum,
// minimum and maximum are wanted. The more of them have the same scale, the faster.
//
// A line is not looked through for its fields: its value is what number there is before the newline, and a time ends at
// the first delimiter. That the name between them has no delimiter and no quote is known from its slot.
//
// A batch of lines goes through two or three short loops, in which nothing is called, rather than one long loop: each
// step of a line waits for the one before, so the processor must have several lines at hand to be busy, and it has
// room for so many instructions only.

import { collect, collectOther, paneOf, slotFor } from './collect';
import { isPoint, notDigits, pointOf, scaleOf, unitsOf, withoutPoint, wordOf } from './decimal';
import { expectedIn, formOf, lanesIn, leastIn, limitsIn, mostIn, MOST_CHARACTERS, MOST_SCALE, numberOf } from './forms';
import { BATCH, MASKS, MINUS, POINT, WEIGHTS, ZERO } from './layout';
import { behindDelimiter, cursor, filled, firstDelimiter } from './lines';
import { earliest, newest, noteNewest, noteScale, paneAt, paneEnd, paneNow, paneStart, reaches, watermarkGoal } from './progress';
import { headOf, isSlotOf, kindOf, likelyShift, likelySlot, LONGEST_QUICK, neighbour, NOT_PLAIN, slots, tailOf } from './sensors';
import { delimiter, timeField } from './shape';
import { readTime } from './time';

// A line of the batch. The delimiter is that before its value; a time is there only where lines have times.
const LINE_VALUE: u32 = 0;
/** The upper four bits are 0; or, when the value is not of the usual scale, its own and 1 more. */
const LINE_DELIMITER: u32 = 4;
const LINE_TIME: u32 = 8;
const LINE_NAME: u32 = 16;
const LINE_SIZE: u32 = 24;
const MOST_LINES: u32 = 128;

const OTHER_SHIFT: u32 = 28;
const PLACE: u32 = (1 << OTHER_SHIFT) - 1;

/** Whether `countCommon` has counted a reading that has reached the goal of the watermark. */
export let hasReached: bool = false;

/** The scale that many values have had; -1 when it is not known. */
let usualScale: i32 = -1;
/** How many lines have had another one. */
let others: u32 = 0;

/** Counts lines from the cursor on, up to one that is not common, or the end of the index; says how many. */
export function countCommon(): u32 {
  hasReached = false;
  others = 0;
  const scale = usualScale < 0 ? scaleBefore(load<u32>(cursor)) : u32(usualScale);
  const lines = countLines(scale);
  usualScale = others * 4 > lines * 3 ? -1 : i32(scale);
  return lines;
}

function countLines(scale: u32): u32 {
  let lines: u32 = 0;
  while (true) {
    const first = cursor + (lines << 2);
    const values = readValues(first, scale);
    if (values == 0) return lines;
    const usual = timeField < 0 ? values : readTimes(first, values);
    const end = min(usual + 1, values);
    for (let done: u32 = 0; ; done++) {
      done = timeField < 0 ? collectPairs(done, usual, scale) : collectTriples(done, usual, scale);
      if (done == end) break;
      if (!countLine(first + (done << 2), lineAt(done), scale)) return lines + done;
      if (hasReached) return lines + done + 1;
    }
    lines += end;
  }
}

@inline
function lineAt(place: u32): u32 {
  return BATCH + place * LINE_SIZE;
}

@inline
function linesBefore(line: u32): u32 {
  return (line - BATCH) / LINE_SIZE;
}

/** Reads the values of lines into the batch, up to one that is not common; says how many. */
function readValues(first: u32, scale: u32): u32 {
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
  const end = min(filled, first + MOST_LINES * 4);
  let line = BATCH;
  let at = first;
  while (true) {
    for (; at < end; at += 4, line += LINE_SIZE) {
      const newline = load<u32>(at);
      const characters = v128.xor(v128.load(newline - 16), expected);
      const right = i8x16.eq(i8x16.min_u(characters, limits), characters);
      const wrong = u32(i8x16.bitmask(right)) ^ 0xffff;
      // How many characters of the value there are before the newline, and 16 more.
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

/** Reads a value of up to eight characters and any scale into the batch; false when it is none. */
function readOther(at: u32, line: u32): bool {
  const name = load<u32>(at - 4) + 1;
  const newline = load<u32>(at);
  const value = behindDelimiter(name, newline);
  const negative = u32(load<u8>(value) == MINUS);
  const length = newline - value - negative;
  if (length - 1 >= MOST_CHARACTERS) return false;
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

/** Reads the times of lines of the batch, up to one that is not in the pane at hand; says how many. */
function readTimes(first: u32, lines: u32): u32 {
  const separator = delimiter;
  const from = max(earliest, paneStart);
  const to = min(watermarkGoal, paneEnd);
  const end = lineAt(lines);
  let line = BATCH;
  for (; line < end; line += LINE_SIZE) {
    const start = load<u32>(line, LINE_NAME);
    let timeEnd = start + 20;
    if (load<u8>(timeEnd) != separator) timeEnd = firstDelimiter(start, load<u32>(line, LINE_DELIMITER) & PLACE);
    const time = readTime(start, timeEnd);
    // It is not either when it is no time at all.
    if (!(time >= from && time < to)) break;
    store<f64>(line, time, LINE_TIME);
    store<u32>(line, timeEnd + 1, LINE_NAME);
  }
  return linesBefore(line);
}

function collectPairs(done: u32, end: u32, scale: u32): u32 {
  return collectLines(done, end, scale, false);
}

function collectTriples(done: u32, end: u32, scale: u32): u32 {
  return collectLines(done, end, scale, true);
}

/**
 * Collects lines of the batch up to the end, or to one whose slot is not at hand; says how many are done. With a constant
 * for `timed` the compiler leaves out what is not needed.
 */
@inline
function collectLines(done: u32, end: u32, scale: u32, timed: bool): u32 {
  const nameless = kindOf(0, scale);
  const pane = paneNow();
  const last = lineAt(end);
  let latest = newest;
  const table = slots;
  const shift = likelyShift();
  let line = lineAt(done);
  for (; line < last; line += LINE_SIZE) {
    const name = load<u32>(line, LINE_NAME);
    // Much longer where the value is not of the usual scale.
    const length = load<u32>(line, LINE_DELIMITER) - name;
    if (length > LONGEST_QUICK) break;
    const kind = nameless + (length << 8);
    const head = headOf(name, length);
    const tail = tailOf(name, length);
    let slot = likelySlot(table, shift, head, tail);
    if (!isSlotOf(slot, head, tail, kind)) {
      slot = neighbour(slot);
      if (!isSlotOf(slot, head, tail, kind)) break;
    }
    if (timed) {
      if (paneOf(slot) != pane) break;
      latest = max(latest, load<f64>(line, LINE_TIME));
    }
    collect(slot, load<i32>(line, LINE_VALUE));
  }
  if (timed && line > lineAt(done)) {
    noteNewest(latest);
    noteScale(scale);
  }
  return linesBefore(line);
}

/** Counts a line of the batch, whose place in the index is given too; false when it is not common. */
function countLine(at: u32, line: u32, scale: u32): bool {
  const delimiterAt = load<u32>(line, LINE_DELIMITER) & PLACE;
  const other = load<u32>(line, LINE_DELIMITER) >> OTHER_SHIFT;
  let name = load<u32>(at - 4) + 1;
  let time: f64 = 0;
  let pane: f64 = 0;
  if (timeField >= 0) {
    const timeEnd = firstDelimiter(name, delimiterAt);
    time = readTime(name, timeEnd);
    if (!(time >= earliest)) return false;
    pane = paneAt(time);
    name = timeEnd + 1;
  }
  const length = delimiterAt - name;
  if (i32(length) < 0) return false;
  const slot = slotFor(name, length, pane, scale);
  if (slot <= NOT_PLAIN) return false;
  const value = load<i32>(line, LINE_VALUE);
  if (other == 0) collect(slot, value);
  else collectOther(slot, value, other - 1, scale);
  others += u32(other != 0);
  if (timeField >= 0) noteScale(other == 0 ? scale : other - 1);
  hasReached = timeField >= 0 && reaches(time);
  return true;
}

/** How many digits there are behind the last point before a newline, as far as that can be seen. */
function scaleBefore(newline: u32): u32 {
  for (let scale: u32 = 0; scale <= MOST_SCALE; scale++) {
    const byte = u32(load<u8>(newline - 1 - scale));
    if (byte == POINT) return scale;
    if (byte - ZERO > 9) break;
  }
  return 0;
}
