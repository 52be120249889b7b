/** Divides a log into the lines that leave its window and those that stay: the last N lines, or those of the last hour. */

import { splitBytes } from '../lines/byte-splitter.ts';
import type { LineTimes } from './line-time.ts';

const NEWLINE = 10;

/** The lines to keep. */
export interface Window {
  /** At most this many lines; Infinity for any number. */
  readonly count: number;
  /** Only lines that are less than this older than the newest one, in milliseconds; Infinity for any. */
  readonly lastMs: number;
}

/** The parts of a log, each of complete lines in order. */
export interface Tail {
  /** The lines outside the window. */
  readonly leaving: Buffer;
  readonly kept: Buffer;
}

/** A line with its newline, and its time. */
export interface TimedLine {
  readonly bytes: Buffer;
  /** Epoch milliseconds; -Infinity for a line without a time, which is outside every window with a duration. */
  readonly time: number;
}

/** Divides complete lines, oldest first, by their number alone. */
export function tail(lines: Buffer, { count }: Pick<Window, 'count'>): Tail {
  const cut = startOfLast(lines, count);
  return { leaving: lines.subarray(0, cut), kept: lines.subarray(cut) };
}

/** Divides lines, oldest first; the duration of the window ends with the newest of them. */
export function tailByTime(lines: readonly TimedLine[], { count, lastMs }: Window): Tail {
  const oldest = newestTime(lines) - lastMs;
  const bytesOf = (some: readonly TimedLine[]) => Buffer.concat(some.map(({ bytes }) => bytes));
  const recent = bytesOf(lines.filter(({ time }) => time > oldest));
  const cut = startOfLast(recent, count);
  const leaving = bytesOf(lines.filter(({ time }) => !(time > oldest)));
  return { leaving: Buffer.concat([leaving, recent.subarray(0, cut)]), kept: recent.subarray(cut) };
}

/** Complete lines, oldest first, each with its time; `behind` is as in `LineTimes`. */
export function timedLines(lines: Buffer, times: LineTimes, behind?: number): TimedLine[] {
  const split = splitBytes(lines);
  const found = times.of(
    split.map((bytes) => bytes.toString()),
    behind,
  );
  return split.map((bytes, at) => {
    const time = found[at];
    return { bytes, time: typeof time === 'number' ? time : Number.NEGATIVE_INFINITY };
  });
}

/** Epoch milliseconds; -Infinity if there are none. */
export function newestTime(lines: readonly TimedLine[]): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const { time } of lines) if (time > newest) newest = time;
  return newest;
}

/** The offset at which the last `count` lines begin. */
function startOfLast(lines: Buffer, count: number): number {
  let at = lines.length;
  for (let left = count; left > 0 && at > 0; left--) at = at < 2 ? 0 : lines.lastIndexOf(NEWLINE, at - 2) + 1;
  return at;
}
