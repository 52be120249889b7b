/**
 * A segment of a file that is counted independently: the lines that begin between two offsets.
 *
 * It is counted as if the lines before it had not changed what lines mean; the result says whether the same holds for the
 * lines after it.
 */

import { readAt } from '../files/read-at.ts';
import type { Line, Rejection } from '../lines/line.ts';
import type { WholeLines } from '../readings/reading-interpreter.ts';
import type { Counter } from './counter.ts';
import type { Report, SourceState } from './exact-engine.ts';
import { PAGE, readInto } from './read-into.ts';

/** The segments of a file, as plain data. Offsets and lengths are in bytes. */
export interface Segments {
  readonly source: string;
  readonly descriptor: number;
  /** Where the first line of the first segment begins. */
  readonly start: number;
  readonly end: number;
  readonly length: number;
  readonly state: SourceState;
}

/** A rejected line, or the first of `times` lines of one kind. */
export interface Rejected {
  readonly line: Line;
  readonly rejection: Rejection;
  readonly times: number;
}

/** What became of the lines of a segment, except for what they were counted into. */
export interface SegmentResult {
  /** From 0. */
  readonly segment: number;
  readonly lines: number;
  /** How many of them the kernel has counted. */
  readonly plainLines: number;
  readonly comments: number;
  readonly accepted: number;
  /** Their lines are numbered from 1. */
  readonly rejected: readonly Rejected[];
  readonly whole: WholeLines;
  /** Bytes of an unfinished line at the end. */
  readonly rest: number;
  /** Whether it changed what the lines after it mean, or its own lines depend on those before. */
  readonly changed: boolean;
}

/** Collects what a segment's counter reports: all rejected lines, or the first of each kind and their number. */
export class SegmentReport implements Report {
  readonly #lists: boolean;
  #accepted = 0;
  #rejected: { line: Line; rejection: Rejection; times: number }[] = [];

  /** @param lists whether every rejected line is kept */
  constructor(lists: boolean) {
    this.#lists = lists;
  }

  accept(count: number): void {
    this.#accepted += count;
  }

  readonly reject = (line: Line, rejection: Rejection): void => {
    const same = this.#lists ? undefined : this.#rejected.find((known) => isSame(known.rejection, rejection));
    if (same === undefined) this.#rejected.push({ line, rejection, times: 1 });
    else same.times += 1;
  };

  /** What was reported since the last call. */
  take(): Pick<SegmentResult, 'accepted' | 'rejected'> {
    const result = { accepted: this.#accepted, rejected: this.#rejected };
    this.#accepted = 0;
    this.#rejected = [];
    return result;
  }
}

function isSame(one: Rejection, other: Rejection): boolean {
  return one.kind === other.kind && one.isPartial === other.isPartial;
}

/** How many segments a thread counts before it handles messages, or reports their results. */
export const SEGMENTS_PER_TURN = 4;

/** The number of segments, at least 1. */
export function segmentCount({ start, end, length }: Segments): number {
  return Math.max(1, Math.ceil((end - start) / length));
}

/** Counts a segment; `counter` reports to `report`. @throws the error of a read */
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
  const [plainBefore, commentsBefore] = [counter.plainLines, counter.comments];
  counter.resume(source, state);
  for (let at = from; at < to; ) {
    const read = readInto(counter, descriptor, at, to);
    if (read === 0) break;
    at += read;
  }
  const { pending, whole, lines, state: after } = counter;
  // In the hour that clocks repeat, a local time depends on the lines before it; so may the unfinished line.
  const needsOrder = after?.hasTimeTwice || (after?.hasLocalTime && pending > 0);
  const { accepted, rejected } = report.take();
  // The counter numbered the first line 2, because the first line of a source has rules of its own.
  const numbered = rejected.map((one) => ({ ...one, line: { ...one.line, number: one.line.number - 1 } }));
  return {
    segment,
    lines: lines - 1,
    plainLines: counter.plainLines - plainBefore,
    comments: counter.comments - commentsBefore,
    accepted,
    rejected: numbered,
    whole,
    rest: pending,
    changed: needsOrder || after === undefined || after.header !== state.header || (pending > 0 && !isLast),
  };
}

/** The offset of the first line that begins at `offset` or later; `end` if none begins before that. */
function lineStart(descriptor: number, offset: number, end: number): number {
  const bytes = Buffer.allocUnsafe(PAGE);
  for (let at = offset - 1; at < end; ) {
    const read = readAt(descriptor, bytes, at);
    if (read === 0) return end;
    const newline = bytes.subarray(0, read).indexOf(10);
    if (newline >= 0) return Math.min(end, at + newline + 1);
    at += read;
  }
  return end;
}
