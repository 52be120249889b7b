/** Divides a log into the lines that leave its window and those that stay: the last N lines, or those of the last hour. */

import { splitBytes } from '../lines/byte-splitter.ts';
import { lineTime } from './line-time.ts';

const NEWLINE = 10;

/** The lines to keep. */
export interface Window {
  /** At most this many lines; Infinity for any number. */
  readonly count: number;
  /** Only lines whose time is less than this before the newest line's, in milliseconds; Infinity for any. */
  readonly lastMs: number;
}

interface Tail {
  /** The lines outside the window, in their order. */
  readonly leaving: Buffer;
  readonly kept: Buffer;
}

/** Divides whole lines, oldest first. A line without a time is outside every window with a duration. */
export function tail(lines: Buffer, { count, lastMs }: Window): Tail {
  const recent =
    lastMs === Number.POSITIVE_INFINITY ? { leaving: Buffer.alloc(0), kept: lines } : lastOf(lines, lastMs);
  const cut = startOfLast(recent.kept, count);
  const leaving = Buffer.concat([recent.leaving, recent.kept.subarray(0, cut)]);
  return { leaving, kept: recent.kept.subarray(cut) };
}

/** The offset at which the last `count` lines begin. */
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
