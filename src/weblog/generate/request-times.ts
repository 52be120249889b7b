/** The times of log lines, in blocks: live or backdated. All times are whole seconds in epoch milliseconds. */

import { requestsDuring, timesSince } from './daily-curve.ts';
import type { RandomSource } from './seeded-random.ts';
import { dueLines, type Stopwatch } from './steady-rate.ts';

const SECOND = 1000;
/** The formats have four-digit years. */
const LAST = Date.UTC(10_000, 0, 1);
/** Lines per block. */
const BLOCK = 512;

interface Clock extends Stopwatch {
  /** Epoch milliseconds. */
  now(): number;
}

/**
 * The current time for each line when it is due, up to `lines`.
 *
 * @param rate lines per second
 * @param lines Infinity for an endless log
 * @throws the signal's reason on abort
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

/** The time span and number of lines of a log. */
export interface Period {
  /** Inclusive, epoch milliseconds, not before 1970. */
  readonly from: number;
  /** Exclusive; undefined for an endless log. */
  readonly to: number | undefined;
  /** Undefined: one per second on average. */
  readonly lines: number | undefined;
}

/** Non-decreasing times along the daily curve. A given number of lines is spread over the whole of a bounded period. */
export function* backdatedTimes(period: Period, random: RandomSource): Generator<number[]> {
  let block: number[] = [];
  for (const time of singleTimes(period, random)) {
    if (block.push(time) < BLOCK) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}

/** Each line has a random time within its own share of the requests, so no sorting is needed. */
function* singleTimes({ from, to, lines }: Period, random: RandomSource): Generator<number> {
  const timeAt = timesSince(from);
  const end = Math.min(to ?? LAST, LAST);
  const isShared = to !== undefined && lines !== undefined;
  const share = isShared ? requestsDuring(from, end) / lines : 1;
  for (let line = 0; line < (lines ?? Number.POSITIVE_INFINITY); line++) {
    const time = timeAt((line + random.share()) * share);
    if (time >= end && !isShared) return;
    // Rounding may move the last one to the end.
    yield wholeSecond(Math.min(time, end - 1));
  }
}

function wholeSecond(time: number): number {
  return Math.floor(time / SECOND) * SECOND;
}
