/** The times of the lines of a log, in blocks: live, or dated back. All times are whole seconds in epoch milliseconds. */

import { requestsDuring, timesSince } from './daily-curve.ts';
import type { RandomSource } from './seeded-random.ts';
import { dueLines, type Stopwatch } from './steady-rate.ts';

const SECOND = 1000;
/** The formats have four digits for a year. */
const LAST = Date.UTC(10_000, 0, 1);
/** Lines that are generated together. */
const BLOCK = 512;

interface Clock extends Stopwatch {
  /** Epoch milliseconds. */
  now(): number;
}

/**
 * The current time for each line that is due, until there are `lines`.
 *
 * @param rate lines per second
 * @param lines Infinity for a log without end
 * @throws the signal's reason when it is aborted
 */
export async function* liveTimes(rate: number, lines: number, clock: Clock): AsyncGenerator<number[]> {
  let left = lines;
  for await (const due of left > 0 ? dueLines(rate, clock) : []) {
    for (let count = Math.min(due, left); count > 0; count -= BLOCK) {
      const block = Math.min(count, BLOCK);
      left -= block;
      yield new Array<number>(block).fill(wholeSecond(clock.now()));
    }
    if (left === 0) return;
  }
}

/** The times that a log spans, and its number of lines. */
export interface Period {
  /** Inclusive, epoch milliseconds, not before 1970. */
  readonly from: number;
  /** Exclusive; undefined for a log without end. */
  readonly to: number | undefined;
  /** Undefined for one per second on average. */
  readonly lines: number | undefined;
}

/** Times along the daily curve, never falling. A given number of lines in a period with an end fills the whole period. */
export function* backdatedTimes(period: Period, random: RandomSource): Generator<number[]> {
  let block: number[] = [];
  for (const time of singleTimes(period, random)) {
    if (block.push(time) < BLOCK) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}

/** Each line has a random time in its own share of the requests, so the times need no sorting. */
function* singleTimes({ from, to, lines }: Period, random: RandomSource): Generator<number> {
  const timeAt = timesSince(from);
  const end = Math.min(to ?? LAST, LAST);
  const isShared = to !== undefined && lines !== undefined;
  const share = isShared ? requestsDuring(from, end) / lines : 1;
  for (let line = 0; line < (lines ?? Number.POSITIVE_INFINITY); line++) {
    const time = timeAt((line + random.share()) * share);
    if (time >= end && !isShared) return;
    // Rounding may put the last one at the end.
    yield wholeSecond(Math.min(time, end - 1));
  }
}

function wholeSecond(time: number): number {
  return Math.floor(time / SECOND) * SECOND;
}
