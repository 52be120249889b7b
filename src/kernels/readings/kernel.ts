/**
 * The kernel of get-stats: from bytes to count, minimum, maximum and exact sum, per sensor and pane.
 *
 * It is AssemblyScript: TypeScript's syntax with machine types (u32 and i64 are integers of 32 and 64 bits, f64 is
 * JavaScript's number), compiled to WebAssembly. There are no objects: `load<u32>(at)` and `store<u32>(at, x)` read and
 * write four bytes of linear memory, whose layout is in `layout.ts`, and a `v128` is a vector of 16 bytes. The host,
 * `src/counting/kernel/readings-kernel.ts`, copies bytes into that memory and calls `feed` and `scan`.
 *
 * A chunk of input is indexed page by page (4 KiB), and the lines of a page are counted while it is still in the cache:
 *
 * 1. Index (`line-index.ts`). 64 bytes at a time are compared with the newline and, for most line shapes, with the
 *    delimiter and the quote. Each comparison gives one bit per byte, and the addresses of the set bits are appended to a
 *    list. A plain line of four fields is four entries: three delimiters and a newline. Anything else (a quote, a missing
 *    or extra field) breaks this pattern, and the line is not plain.
 * 2. Fast path (`fast-path.ts`), for the lines of most input: `sensor,value` and `time,sensor,value`, values of up to eight
 *    digits and mostly of one scale, and only count, sum, minimum and maximum wanted. They need no index of fields: a time
 *    ends at the first delimiter, and a value is the number before the newline, whose sixteen characters are checked and
 *    converted in a few operations (`short-values.ts`: 21.35 is 2135 at scale 2). Batches of up to 128 lines go through a
 *    short loop for their values, a second for their times (`fast-batch.ts`), and a third that looks up the slots of their
 *    sensors (`slot-table.ts`). A slot is one cache line: the first 32 bytes of the name, and the sensor's count, sum,
 *    minimum and maximum in this pane (`slots.ts`). With very many sensors there are no slots, and lines take step 3.
 * 3. All other lines. `read-batch.ts` makes a batch of up to 256 readings (address of the name, time in milliseconds, units
 *    and scale of the value: `read-decimal.ts`), and `count-batch.ts` adds them to the groups of their sensors and panes
 *    (`sensors.ts`, `groups.ts`). If there are many sensors, everything a batch needs is loaded into the caches first, for
 *    all lines at once (`preload.ts`). The members of an NDJSON line are found by `json-template.ts` if the text between
 *    them is that of an earlier line, and otherwise by `json-object.ts`. As in step 2, short loops beat a long one, because
 *    the processor overlaps several iterations.
 * 4. Add (`group.ts`). All values of a group are units of one scale, so sums are exact integers. A value with more decimal
 *    places rescales its group; if that does not fit into 64 bits, the group is spilled to the host, where numbers have no
 *    limit, and starts again. A sum that nears 64 bits is carried into 32 more. What a slot has collected is added to its
 *    group before groups are read.
 *
 * The groups of kernels in several threads are merged by one of them (`exchange.ts`).
 *
 * At the end the groups become rows. `sort-names.ts` sorts the sensors by the bytes of their names, eight at a time, and
 * `sorted-groups.ts` sorts the groups of each by time, which they mostly are already. `row-windows.ts` merges the groups of
 * each window, for each window length. `write-rows.ts` writes rows as text, in blocks of about 64 KiB, by a program from
 * the host: a literal, a column, a literal, and so on (`row-columns.ts`, `row-text.ts`, `deviations.ts`). It leaves a row
 * to the host if the host holds a part of the window (counted by the exact engine, or spilled), a name needs quotes, or a
 * number needs too many bits. Neither sorting nor writing makes a JavaScript object per group.
 *
 * Names are compared in full: equal hashes are not enough. Times (`read-time.ts`) mostly share the minute, or the day, of
 * the previous line.
 *
 * The kernel leaves out what it does not know: `scan` returns the address of a line that is not plain, of which it has
 * counted nothing, and the host gives that line to its exact engine. So the kernel never decides what is an error. It
 * accepts less than the exact engine, and where both accept a line they must agree, which the tests check.
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

// Why `scan` returned.
/** All complete lines are counted; an unfinished line begins at `lineStart`. */
const ALL_READ: i32 = 0;
/** The line at `lineStart` is for the exact engine. */
const ODD_LINE: i32 = 1;
/** The last reading counted has reached `watermarkGoal`; the next line begins at `lineStart`. */
const PASSED: i32 = 2;
/** There is no memory for the line at `lineStart`. */
const FULL: i32 = 3;

/** Lines counted since the host reset this to 0. */
export let counted: u32 = 0;

/** The most values that any slot may have collected. */
let collected: u32 = 0;

/** Must be called first. `length` is that of panes aligned to the epoch; 0 if the host must be asked. */
export function initialise(squares: bool, distinct: bool, panes: bool, length: f64, range: bool): void {
  memory.fill(MASKS, 0xff, 32);
  memory.fill(MASKS + 32, 0, 32);
  let power: i64 = 1;
  for (let exponent: u32 = 0; exponent < 19; exponent++, power *= 10) store<i64>(POWERS + exponent * 8, power);
  describeForms();
  want(squares, distinct, panes, length, range);
  clear(false);
}

/** Forgets all groups; `times` says whether new ones keep their first and last reading. */
export function clear(times: bool): void {
  wantTimes(times);
  clearHeap();
  clearSensors(isSimple());
  clearGroups(keepsTimes, keepsSquares, keepsDistinct);
  clearValues();
}

/** Counts lines up to the end of the input, or to a line that needs the host; returns the reason, see above. */
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
  // What remains is less than a line, or a line with too few fields.
  if (!isAtEnd() && skipLine()) return ODD_LINE;
  return stopAt(ALL_READ);
}

function pass(lines: u32): void {
  counted += lines;
  passLines(lines);
}

/** Empties the slots before the count of one of them, or of its group, can overflow 32 bits. */
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
