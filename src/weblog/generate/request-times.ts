/** The times of the lines of a log, in blocks: as time goes by, or dated back. */

import { requestsDuring, timesSince } from './daily-curve.ts';
import type { Random } from './seeded-random.ts';
import { pace, type Stopwatch } from './steady-rate.ts';

const SECOND = 1000;
/** No format can write the year 10000. */
const LAST = Date.UTC(10_000, 0, 1);
/** Lines that are invented together. */
const BLOCK = 512;

export interface Clock extends Stopwatch {
  /** Epoch milliseconds. */
  now(): number;
}

/** Times as they come, at so many lines per second. @throws the signal's reason when it is aborted */
export async function* liveTimes(rate: number, lines: number, clock: Clock): AsyncGenerator<number[]> {
  let left = lines;
  for await (const due of left > 0 ? pace(rate, clock) : []) {
    for (let count = Math.min(due, left); count > 0; count -= BLOCK) {
      const block = Math.min(count, BLOCK);
      left -= block;
      yield new Array<number>(block).fill(wholeSecond(clock.now()));
    }
    if (left === 0) return;
  }
}

export interface Period {
  /** Inclusive, epoch milliseconds; not before 1970. */
  readonly from: number;
  /** Exclusive; undefined for a log without end. */
  readonly to: number | undefined;
  /** In all; undefined for one a second on the average. */
  readonly lines: number | undefined;
}

/** By the daily curve, never falling; lines that share a period with an end are all in it. */
export function* datedTimes(period: Period, random: Random): Generator<number[]> {
  let block: number[] = [];
  for (const time of singleTimes(period, random)) {
    if (block.push(time) < BLOCK) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}

/** Each line is somewhere in its own share of the requests, so all are in order without being sorted. */
function* singleTimes({ from, to, lines }: Period, random: Random): Generator<number> {
  const timeAt = timesSince(from);
  const end = Math.min(to ?? LAST, LAST);
  const isShared = to !== undefined && lines !== undefined;
  const share = isShared ? requestsDuring(from, end) / lines : 1;
  for (let line = 0; line < (lines ?? Number.POSITIVE_INFINITY); line++) {
    const time = timeAt((line + random.share()) * share);
    if (time >= end && !isShared) return;
    // Rounding may put the very last one on the end.
    yield wholeSecond(Math.min(time, end - 1));
  }
}

function wholeSecond(time: number): number {
  return Math.floor(time / SECOND) * SECOND;
}
