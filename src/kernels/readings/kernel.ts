/**
 * The kernel of get-stats: from bytes to count, minimum, maximum and exact sum, per sensor and pane.
 *
 * It is AssemblyScript: the syntax of TypeScript with the types of a processor (u32 and i64 are whole numbers of 32 and
 * 64 bits, f64 is JavaScript's number), compiled to WebAssembly. There are no objects: `load<u32>(at)` and
 * `store<u32>(at, x)` read and write four bytes at an address of one large piece of memory, whose layout is in
 * `layout.ts`, and a `v128` is 16 bytes that are worked on at once. The host is `../kernel.ts`, which puts bytes into
 * that memory and calls `feed` and `scan`.
 *
 * A chunk of input is indexed page by page (4 KiB), and what a page holds is counted while it is still in the cache:
 *
 * 1. `line-index.ts`, index. 64 bytes at a time are compared with the newline, and for most shapes of lines also with the
 *    delimiter and the quote; each comparison gives one bit per byte, and the places of the bits that are set go into a
 *    list. A plain line of four fields is four entries: three delimiters and a newline. Whatever else stands there (a
 *    quote, a field more or less) breaks this pattern, and the line is not plain.
 * 2. `fast-path.ts`, for the lines that most input has: `sensor,value` and `time,sensor,value`, values of up to eight
 *    digits and mostly one scale, and nothing wanted but count, sum, minimum and maximum. They need no index of fields:
 *    a time ends at the first delimiter, and a value is what number there is before the newline, whose sixteen last
 *    characters are checked, and added up, in a few operations (`short-values.ts`: 21.35 is 2135 and 2). Lines go in batches of
 *    up to 128 through one short loop for their values, one for their times, and one from their names to their sensors'
 *    slots (`sensors.ts`). A slot is one cache line: the first 32 bytes of the name, and what the sensor's values in
 *    this pane have come to (`slots.ts`).
 * 3. For all other lines `read-batch.ts` makes a batch of up to 256 readings (where the name lies, the time in
 *    milliseconds, units and scale of the value: `read-decimal.ts`), and `count-batch.ts` adds them to the groups of their sensors
 *    and panes (`groups.ts`). The members of an NDJSON line are found by `json-template.ts`, if the text between them is that
 *    of the line before, or by `json-object.ts`. As in step 2, short loops are faster than a long one: the processor works on
 *    several of their rounds at once.
 * 4. `group.ts`, add. All values of a group are units of one scale, so adding is adding whole numbers, and exact. A
 *    value with more digits than the ones before, or a sum that nears 64 bits, makes the group hand all it has to the
 *    host (`spill`), where numbers have no limit, and begin anew. What a slot has collected is settled with its group
 *    before anyone looks at that.
 *
 * What kernels in several threads have counted is added up by one of them (`exchange.ts`).
 *
 * Names are compared as a whole: equal hashes are not enough. Times (`read-time.ts`) mostly have the minute, or the day, of
 * the line before.
 *
 * What the kernel does not know, it leaves: `scan` comes back with the place of a line that is not plain, of which it
 * has counted nothing, and the host's exact engine takes that one line. So the kernel never decides what is an error.
 * It knows less than the exact engine, and where both know, they must agree; that is what the tests compare.
 */

import { settleAll } from './slots';
import { countCommon, hasReached } from './fast-path';
import { countReadings, isFull, isLong, isPassed, isSimple, want, wantTimes } from './count-batch';
import { clearDistinct } from './distinct';
import { describeForms } from './short-values';
import { clearGroups } from './groups';
import { clearHeap } from './heap';
import { MASKS, POWERS } from './layout';
import { findLine, isAtEnd, noteLine, passLines, skipLine } from './line-index';
import { isOdd, readLines } from './read-batch';
import { clearSensors } from './sensors';
import { mayBeCommon } from './shape';

export { settleAll } from './slots';
export { lastValue } from './distinct';
export { absorb, blockGroup, blockStart, blockValue, makeRoom, pack } from './exchange';
export { groupSize, lastGroup } from './groups';
export { heapEnd } from './heap';
export { HEAP as heapStart } from './layout';
export { feed, lineEnd, lineStart } from './line-index';
export { earliest, leastScale, newest, paneEnd, paneStart, watermarkGoal } from './event-time';
export { setShape } from './shape';

// Why `scan` came back.
/** All that was fed is counted, but for what lies from `lineStart` on and is no whole line. */
const ALL_READ: i32 = 0;
/** The line from `lineStart` to `lineEnd` is for the exact engine. */
const ODD_LINE: i32 = 1;
/** The reading counted last has reached the goal of the watermark; the next line begins at `lineStart`. */
const PASSED: i32 = 2;
/** No memory is left for the line at `lineStart`. */
const FULL: i32 = 3;

/** How many lines were counted since the host has set it to 0. */
export let counted: u32 = 0;

/** How many lines may not have been settled. */
let collected: u32 = 0;

/** Comes first. `length` is that of panes which count from the epoch, 0 when the host must be asked. */
export function initialise(squares: bool, distinct: bool, panes: bool, length: f64, range: bool): void {
  memory.fill(MASKS, 0xff, 32);
  memory.fill(MASKS + 32, 0, 32);
  let power: i64 = 1;
  for (let exponent: u32 = 0; exponent < 19; exponent++, power *= 10) store<i64>(POWERS + exponent * 8, power);
  describeForms();
  want(squares, distinct, panes, length, range);
  clear(false);
}

/** Forgets all groups; `times` says whether those to come hold the first and the last reading. */
export function clear(times: bool): void {
  wantTimes(times);
  clearHeap();
  clearSensors();
  clearGroups(isLong());
  clearDistinct();
}

/** Counts lines up to the end of what was fed, or to one for which the host is needed: see the reasons above. */
export function scan(): i32 {
  const isCommon = mayBeCommon && isSimple();
  while (findLine()) {
    if (isCommon) {
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
  // What is left is less than a line, or a line with fewer fields.
  if (!isAtEnd() && skipLine()) return ODD_LINE;
  return stopAt(ALL_READ);
}

function pass(lines: u32): void {
  counted += lines;
  passLines(lines);
}

/** No slot counts to 2^32. */
function collect(lines: u32): void {
  collected += lines;
  if (collected < 0x80000000) return;
  settleAll();
  collected = 0;
}

function stopAt(reason: i32): i32 {
  noteLine();
  return reason;
}
