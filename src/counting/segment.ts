/**
 * A part of a file that is counted for itself: the lines that begin between two places.
 *
 * It is counted as if the lines before it had changed nothing about what lines mean; the result says whether the same
 * holds for the lines after it.
 */

import { readSync } from 'node:fs';
import type { Line, Rejection } from '../lines/line.ts';
import type { WholeLines } from '../readings/reading-interpreter.ts';
import type { Counter, SourceState } from './counter.ts';
import type { Report } from './exact-engine.ts';

/** All that is the same for the segments of a file, as plain data. */
export interface Segments {
  readonly source: string;
  /** Of the open file. */
  readonly descriptor: number;
  /** Where the first line of the first segment begins. */
  readonly start: number;
  readonly end: number;
  /** In bytes. */
  readonly length: number;
  readonly state: SourceState;
}

/** A rejected line, or the first of several of its kind. */
export interface Rejected {
  readonly line: Line;
  readonly rejection: Rejection;
  readonly times: number;
}

export interface SegmentResult {
  readonly segment: number;
  readonly lines: number;
  readonly plainLines: number;
  readonly accepted: number;
  /** Their lines are numbered from 1. */
  readonly rejected: readonly Rejected[];
  readonly whole: WholeLines;
  /** Bytes at the end that are no whole line. */
  readonly rest: number;
  /** Whether it has changed what the lines after it mean. */
  readonly changed: boolean;
}

/** What a segment's counter reports: all rejected lines, or the first of each kind and how many there are. */
export class SegmentReport implements Report {
  readonly #lists: boolean;
  #accepted = 0;
  #rejected: { line: Line; rejection: Rejection; times: number }[] = [];

  constructor(lists: boolean) {
    this.#lists = lists;
  }

  accept(count: number): void {
    this.#accepted += count;
  }

  readonly reject = (line: Line, rejection: Rejection): void => {
    const same = this.#lists
      ? undefined
      : this.#rejected.find((known) => known.rejection.kind === rejection.kind);
    if (same === undefined) this.#rejected.push({ line, rejection, times: 1 });
    else same.times += 1;
  };

  /** What was reported since this was called last. */
  take(): Pick<SegmentResult, 'accepted' | 'rejected'> {
    const result = { accepted: this.#accepted, rejected: this.#rejected };
    this.#accepted = 0;
    this.#rejected = [];
    return result;
  }
}

/** A thread counts so many segments before it listens, or says what came of them. */
export const TURN = 4;

export function segmentCount({ start, end, length }: Segments): number {
  return Math.max(1, Math.ceil((end - start) / length));
}

/** Counts a segment with a counter that was made for such. @throws the error of a read */
export function countSegment(
  counter: Counter,
  report: SegmentReport,
  segments: Segments,
  segment: number,
): SegmentResult {
  const { source, descriptor, state, start, end, length } = segments;
  const from = segment === 0 ? start : lineStart(descriptor, start + segment * length, end);
  const isLast = segment === segmentCount(segments) - 1;
  const to = isLast ? end : lineStart(descriptor, start + (segment + 1) * length, end);
  const plainBefore = counter.plainLines;
  counter.resume(source, state);
  for (let at = from; at < to; ) {
    const read = readInto(counter, descriptor, at, to);
    if (read === 0) break;
    at += read;
  }
  const { pending, exact } = counter;
  const changed = !counter.isBetweenLines || exact.header !== state.header || (pending > 0 && !isLast);
  const plainLines = counter.plainLines - plainBefore;
  const { accepted, rejected } = report.take();
  // Its first line was called the second one, since the first line of a source has rules of its own.
  const numbered = rejected.map((one) => ({ ...one, line: { ...one.line, number: one.line.number - 1 } }));
  return {
    segment,
    lines: exact.lines - 1,
    plainLines,
    accepted,
    rejected: numbered,
    whole: exact.whole,
    rest: pending,
    changed,
  };
}

/** A page of the page cache, from whose beginning is read fast. */
const PAGE = 4096;

/** Counts the next bytes of a file, and says how many. */
export function readInto(counter: Counter, descriptor: number, at: number, end: number): number {
  // Before the chunk there is only room for the line that has begun, not for a part of its page.
  const skip = counter.pending === 0 ? at % PAGE : 0;
  const { space } = counter;
  const read = readSync(descriptor, space, 0, Math.min(space.length, end - at + skip), at - skip);
  if (read <= skip) return 0;
  counter.filled(read, skip);
  return read - skip;
}

/** Where the first line begins at or after a place; the end when none does. */
function lineStart(descriptor: number, place: number, end: number): number {
  const bytes = Buffer.allocUnsafe(PAGE);
  for (let at = place - 1; at < end; ) {
    const read = readSync(descriptor, bytes, 0, PAGE, at);
    if (read === 0) return end;
    const newline = bytes.subarray(0, read).indexOf(10);
    if (newline >= 0) return Math.min(end, at + newline + 1);
    at += read;
  }
  return end;
}
