/** Another thread, with one of two jobs: segments of a file, or all that is left of what arrives. */

import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Aside, AsideMessage, Handover } from './aside.ts';
import { takeBlocks } from './belt.ts';
import { Counter } from './counter.ts';
import { countSegment, SegmentReport, segmentCount } from './segment.ts';
import type { Assignment, Message } from './team.ts';

/** Counts one segment after the other, then tells what it has counted. */
function countSegments({ plan, segments, lists, module, next }: Assignment): void {
  const say = (message: Message) => parentPort?.postMessage(message);
  const report = new SegmentReport(lists);
  const counter = new Counter(plan, report, { kernelAfter: 0, module });
  const count = segmentCount(segments);
  for (let at = Atomics.add(next, 0, 1); at < count; at = Atomics.add(next, 0, 1))
    say({ kind: 'segment', result: countSegment(counter, report, segments, at) });
  say({ kind: 'end', counted: counter.copy() });
}

/** Goes on in the middle of a source, to its end, and tells what it has counted. */
function countRest({ plan, lists, module, belt }: Aside): void {
  const say = (message: AsideMessage) => parentPort?.postMessage(message);
  const report = new SegmentReport(lists);
  const counter = new Counter(plan, report, { kernelAfter: 0, module });
  say({ kind: 'ready' });
  let before = 0;
  for (const block of takeBlocks(belt, () => say({ kind: 'room' }))) {
    if (before === 0) before = takeOver(counter);
    counter.take(block);
    if (report.hasRejected) say({ kind: 'report', ...report.take() });
  }
  if (before > 0) counter.end();
  say({ kind: 'report', ...report.take() });
  const { plainLines, exact } = counter;
  say({ kind: 'end', end: { lines: exact.lines - before, plainLines, counted: counter.copy() } });
}

/** How many lines of the source were counted before. */
function takeOver(counter: Counter): number {
  // It was sent before the first block was put.
  const { source, state, lines, whole } = heard() as Handover;
  counter.resume(source, state);
  counter.goOn(lines - 1, [whole]);
  return lines;
}

function heard(): unknown {
  return parentPort && receiveMessageOnPort(parentPort)?.message;
}

const job = workerData as Assignment | Aside;
if (job.kind === 'aside') countRest(job);
else countSegments(job);
