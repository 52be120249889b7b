/** Another thread, which counts segments of a file. */

import { parentPort } from 'node:worker_threads';
import { Counter } from './counter.ts';
import { countSegment, SegmentReport, type SegmentResult, segmentCount, TURN } from './segment.ts';
import type { Assignment, Message } from './thread-pool.ts';

/** Counts one segment after the other, then tells what it has counted. */
function countSegments({ plan, segments, lists, module, next }: Assignment): void {
  const report = new SegmentReport(lists);
  const counter = new Counter(plan, report, { kernelAfter: 0, module });
  const count = segmentCount(segments);
  let results: SegmentResult[] = [];
  for (let at = Atomics.add(next, 0, 1); at < count; at = Atomics.add(next, 0, 1)) {
    const result = countSegment(counter, report, segments, at);
    results.push(result);
    // Rejected lines may be many: they are not kept here.
    if (results.length < TURN && result.rejected.length === 0) continue;
    say({ results, counted: undefined });
    results = [];
  }
  const counted = counter.copy();
  say({ results, counted }, counted.groups && [counted.groups.memory]);
}

/** What is handed over need not be copied again. */
function say(message: Message, handedOver: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, handedOver);
}

parentPort?.once('message', countSegments);
