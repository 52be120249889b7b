/**
 * The kernel of get-stats: from bytes to count, minimum, maximum and exact sum, per sensor and pane.
 *
 * It is AssemblyScript: the syntax of TypeScript with the types of a processor (u32 and i64 are whole numbers of 32 and
 * 64 bits, f64 is JavaScript's number), compiled to WebAssembly. There are no objects: `load<u32>(at)` and
 * `store<u32>(at, x)` read and write four bytes at an address of one large piece of memory, whose layout is in
 * `layout.ts`, and a `v128` is 16 bytes that are worked on at once. The host is `src/counting/kernel/readings-kernel.ts`,
 * which puts bytes into that memory and calls `feed` and `scan`.
 *
 * A chunk of input is indexed page by page (4 KiB), and the lines of a page are counted while it is still in the cache:
 *
 * 1. `line-index.ts`, index. 64 bytes at a time are compared with the newline, and for most shapes of lines also with the
 *    delimiter and the quote; each comparison gives one bit per byte, and the addresses of the bytes whose bits are set go
 *    into a list. A plain line of four fields is four entries: three delimiters and a newline. Anything else (a quote, a
 *    field more or less) breaks this pattern, and the line is not plain.
 * 2. `fast-path.ts`, for the lines that most input has: `sensor,value` and `time,sensor,value`, values of up to eight
 *    digits and mostly one scale, and only count, sum, minimum and maximum wanted. They need no index of fields: a time
 *    ends at the first delimiter, and a value is the number before the newline; the sixteen characters there are checked,
 *    and added up, in a few operations (`short-values.ts`: 21.35 is 2135 and 2). Lines go in batches of up to 128 through
 *    a short loop for their values, a second for their times (`fast-batch.ts`), and a third from their names to their
 *    sensors' slots (`slot-table.ts`). A slot is one cache line: the first 32 bytes of the name, and count, sum, minimum
 *    and maximum of the sensor in this pane (`slots.ts`). Very many sensors have no slots, and their lines take step 3.
 * 3. For all other lines `read-batch.ts` makes a batch of up to 256 readings (the address of the name, the time in
 *    milliseconds, units and scale of the value: `read-decimal.ts`), and `count-batch.ts` adds them to the groups of their
 *    sensors and panes (`sensors.ts`, `groups.ts`). Of many sensors, what a batch needs is loaded into the caches first,
 *    for all its lines at once (`preload.ts`). The members of an NDJSON line are found by `json-template.ts`, if the text
 *    between them is that of the line before, or by `json-object.ts`. As in step 2, short loops are faster than a long
 *    one: the processor works on several of their rounds at once.
 * 4. `group.ts`, add. All values of a group are units of one scale, so adding is adding whole numbers, and exact. A
 *    value with more digits than those before brings the group to its scale; if that does not fit into 64 bits, the group
 *    hands all it has to the host (`spill`), where numbers have no limit, and begins anew. A sum that nears 64 bits is
 *    carried on in 32 more. What a slot has collected is added to its group before the groups are read.
 *
 * The groups of kernels in several threads are added up by one of them (`exchange.ts`).
 *
 * At the end the groups become rows. `sort-names.ts` sorts the sensors by the bytes of their names, eight at a time, and
 * `sorted-groups.ts` puts the groups of each in the order of time, which they mostly have. `row-windows.ts` adds up those
 * that are in one window, for each length of windows. `write-rows.ts` writes rows as text, in blocks of about 64
 * KiB, by a program that the host has made: a literal text, a column, a literal text, and so on (`row-columns.ts`,
 * `row-text.ts`, `deviations.ts`). It leaves a row to the host where the host holds a part of the window (what the exact
 * engine has counted, or what was spilled), where a name needs quotes, and where a number needs more bits than it has.
 * Neither sorting nor writing makes an object of a group.
 *
 * Names are compared as a whole: equal hashes are not enough. Times (`read-time.ts`) mostly have the minute, or the day, of
 * the line before.
 *
 * The kernel leaves what it does not know: `scan` comes back with the address of a line that is not plain, of which it
 * has counted nothing, and the host gives that line to its exact engine. So the kernel never decides what is an error.
 * It knows less than the exact engine, and where both know, they must agree; that is what the tests compare.
 */

import { dropOutgrownSlots, settleAll } from './slots';
import { countCommon, hasReached } from './fast-path';
import { countReadings, isFull, isPassed, isSimple, keepsDistinct, keepsSquares, keepsTimes, want, wantTimes } from './count-batch';
import { describeForms } from './short-values';
import { clearGroups } from './groups';
import { clearHeap } from './heap';
import { MASKS, POWERS } from './layout';
import { findLine, isAtEnd, noteLine, passLines, skipLine } from './line-index';
import { isOdd, readLines } from './read-batch';
import { clearSensors } from './sensors';
import { slots } from './slot-table';
import { mayBeCommon } from './shape';
import { clearValues } from './values';

export { settleAll } from './slots';
export { absorb, blockEnd, blockGroup, blockStart, makeRoom, pack } from './exchange';
export { groupCount, groupSize, lastGroup } from './groups';
export { heapEnd, isExhausted } from './heap';
export { HEAP as heapStart } from './layout';
export { feed, lineStart } from './line-index';
export { earliest, latestTime, leastScale, newest, paneEnd, paneStart, watermarkGoal } from './event-time';
export { setShape } from './shape';
export { shareGroup } from './shared-groups';
export { sortGroups } from './sorted-groups';
export {
  resolution,
  windowEnd,
  windowGroup,
  windowGroups,
  windowGroupsEnd,
  windowNext,
  windowStart,
} from './row-windows';
export { describeRows, isLeft, rowCount, writeRows } from './write-rows';

// Why `scan` came back.
/** All whole lines are counted; an unfinished line begins at `lineStart`. */
const ALL_READ: i32 = 0;
/** The line at `lineStart` is for the exact engine. */
const ODD_LINE: i32 = 1;
/** The reading counted last has reached the goal of the watermark; the next line begins at `lineStart`. */
const PASSED: i32 = 2;
/** No memory is left for the line at `lineStart`. */
const FULL: i32 = 3;

/** Lines counted since the host set this to 0. */
export let counted: u32 = 0;

/** The most values that a slot may have collected. */
let collected: u32 = 0;

/** To be called first. `length` is that of panes counted from the epoch; 0 when the host must be asked. */
export function initialise(squares: bool, distinct: bool, panes: bool, length: f64, range: bool): void {
  memory.fill(MASKS, 0xff, 32);
  memory.fill(MASKS + 32, 0, 32);
  let power: i64 = 1;
  for (let exponent: u32 = 0; exponent < 19; exponent++, power *= 10) store<i64>(POWERS + exponent * 8, power);
  describeForms();
  want(squares, distinct, panes, length, range);
  clear(false);
}

/** Forgets all groups; `times` says whether new ones hold the first and the last reading. */
export function clear(times: bool): void {
  wantTimes(times);
  clearHeap();
  clearSensors(isSimple());
  clearGroups(keepsTimes, keepsSquares, keepsDistinct);
  clearValues();
}

/** Counts lines up to the end of the input, or to a line for which the host is needed; returns the reason, see above. */
export function scan(): i32 {
  const isCommon = mayBeCommon && isSimple();
  while (findLine()) {
    dropOutgrownSlots();
    if (isCommon && slots != 0) {
      const lines = countCommon();
      pass(lines);
      collect(lines);
      if (hasReached) return stopAt(PASSED);
      if (lines > 0) continue;
    }
    const readings = readLines();
    const lines = countReadings(readings);
    pass(lines);
    if (isFull) return stopAt(FULL);
    if (isPassed) return stopAt(PASSED);
    if (lines < readings || isOdd) return skipLine() ? ODD_LINE : ALL_READ;
  }
  // The rest is less than a line, or a line with fewer fields.
  if (!isAtEnd() && skipLine()) return ODD_LINE;
  return stopAt(ALL_READ);
}

function pass(lines: u32): void {
  counted += lines;
  passLines(lines);
}

/** Empties slots before one of them, and its group, count to 2^32. */
function collect(lines: u32): void {
  collected += lines;
  if (collected < 0x40000000) return;
  settleAll();
  collected = 0;
}

function stopAt(reason: i32): i32 {
  noteLine();
  return reason;
}
