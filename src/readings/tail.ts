/** Which lines of a log are its window: the last so many, or those of the last hour by their own time. */

import { splitBytes } from '../lines/byte-splitter.ts';
import { lineTime } from './line-time.ts';

const NEWLINE = 10;

export interface Window {
  /** At most so many lines. */
  readonly count: number;
  /** Only lines whose time is less than this before the newest one's; Infinity for any. */
  readonly lastMs: number;
}

export interface Tail {
  /** What does not belong to the window, in its order. */
  readonly leaving: Buffer;
  readonly kept: Buffer;
}

/** Parts whole lines, oldest first. A line without a time belongs to no window of a length of time. */
export function tail(lines: Buffer, { count, lastMs }: Window): Tail {
  const recent =
    lastMs === Number.POSITIVE_INFINITY ? { leaving: Buffer.alloc(0), kept: lines } : lastOf(lines, lastMs);
  const cut = startOfLast(recent.kept, count);
  const leaving = Buffer.concat([recent.leaving, recent.kept.subarray(0, cut)]);
  return { leaving, kept: recent.kept.subarray(cut) };
}

/** Where the last `count` lines begin. */
function startOfLast(lines: Buffer, count: number): number {
  let at = lines.length;
  for (let left = count; left > 0 && at > 0; left--) at = at < 2 ? 0 : lines.lastIndexOf(NEWLINE, at - 2) + 1;
  return at;
}

function lastOf(lines: Buffer, lastMs: number): Tail {
  const timed = splitBytes(lines).map((line) => ({
    line,
    time: lineTime(line.toString()) ?? Number.NEGATIVE_INFINITY,
  }));
  const newest = timed.reduce((latest, { time }) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
  const isRecent = ({ time }: { time: number }) => time > newest - lastMs;
  return {
    leaving: Buffer.concat(timed.filter((line) => !isRecent(line)).map(({ line }) => line)),
    kept: Buffer.concat(timed.filter(isRecent).map(({ line }) => line)),
  };
}
