// The fast path, for common lines: `sensor,value` or `time,sensor,value`, values of up to eight digits, and only count,
// sum, minimum and maximum wanted. It is fastest if all values have the same scale.
//
// Fields are not searched for: `fast-batch.ts` reads the number before the newline and the time before the first delimiter.
// That the name between them contains no delimiter and no quote is known from its slot.
//
// A batch of lines goes through two or three short loops without calls rather than one long loop. Each step of a line
// depends on the previous one, so the processor is kept busy only by overlapping several lines, and its instruction window
// is limited.

import { earliest, latestTime, newest, noteNewest, noteScale, paneAt, paneNow, reaches } from './event-time';
import {
  ADDRESS,
  LINE_DELIMITER,
  LINE_NAME,
  LINE_SIZE,
  LINE_TIME,
  LINE_VALUE,
  lineAt,
  linesBefore,
  OTHER_SHIFT,
  readTimes,
  readValues,
  scaleBefore,
} from './fast-batch';
import { cursor, firstDelimiter } from './line-index';
import { readTime } from './read-time';
import { headOf, LONGEST_QUICK, tailOf } from './sensor-names';
import { NOT_PLAIN, tableShift } from './sensors';
import { timeField } from './shape';
import { isSlotOf, kindOf, likelyShift, likelySlot, neighbour, slots } from './slot-table';
import { collect, collectOther, paneOf, slotFor } from './slots';

/** Whether `countCommon` stopped after a reading that reached `watermarkGoal`. */
export let hasReached: bool = false;

/** The scale of most recent values; -1 if there is none. */
let usualScale: i32 = -1;
/** The number of lines with another scale. */
let others: u32 = 0;

/** Counts lines from the cursor on, up to a line that is not common or the end of the index; returns how many. */
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

function collectPairs(done: u32, end: u32, scale: u32): u32 {
  return collectLines(done, end, scale, false);
}

function collectTriples(done: u32, end: u32, scale: u32): u32 {
  return collectLines(done, end, scale, true);
}

/**
 * Collects lines of the batch up to `end`, or to a line whose slot is not found in two probes; returns the index reached.
 * `timed` is constant at each call, so the compiler drops the dead branches.
 */
@inline
function collectLines(done: u32, end: u32, scale: u32, timed: bool): u32 {
  const nameless = kindOf(0, scale);
  const pane = paneNow();
  const last = lineAt(end);
  let latest = newest;
  const table = slots;
  const shift = likelyShift(tableShift);
  let line = lineAt(done);
  for (; line < last; line += LINE_SIZE) {
    const name = load<u32>(line, LINE_NAME);
    // Huge if the value has another scale, because LINE_DELIMITER then carries that scale: this ends the loop too.
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

/** Counts one line of the batch, whose entry in the index is `at`; false if it is not common. */
function countLine(at: u32, line: u32, scale: u32): bool {
  const delimiterAt = load<u32>(line, LINE_DELIMITER) & ADDRESS;
  const other = load<u32>(line, LINE_DELIMITER) >> OTHER_SHIFT;
  let name = load<u32>(at - 4) + 1;
  let time: f64 = 0;
  let pane: f64 = 0;
  if (timeField >= 0) {
    const timeEnd = firstDelimiter(name, delimiterAt);
    time = readTime(name, timeEnd);
    if (!(time >= earliest && time <= latestTime)) return false;
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
