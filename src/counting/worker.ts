/** A worker thread: counts segments of a file until none is left. */

import { parentPort } from 'node:worker_threads';
import { Counter } from './counter.ts';
import {
  countSegment,
  SEGMENTS_PER_TURN,
  SegmentReport,
  type SegmentResult,
  segmentCount,
} from './segment.ts';
import type { WorkerMessage, WorkerTask } from './thread-pool.ts';

function countSegments({ plan, segments, lists, module, next }: WorkerTask): void {
  const report = new SegmentReport(lists);
  const counter = new Counter(plan, report, { kernelAfter: 0, module });
  const count = segmentCount(segments);
  let results: SegmentResult[] = [];
  for (let at = Atomics.add(next, 0, 1); at < count; at = Atomics.add(next, 0, 1)) {
    const result = countSegment(counter, report, segments, at);
    results.push(result);
    // Rejected lines may be many: they are not kept here.
    if (results.length < SEGMENTS_PER_TURN && result.rejected.length === 0) continue;
    send({ results, counted: undefined });
    results = [];
  }
  const counted = counter.accumulator.copy();
  send({ results, counted }, counted.groups && [counted.groups.memory]);
}

/** The memory that is moved need not be copied again. */
function send(message: WorkerMessage, moved: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, moved);
}

parentPort?.once('message', countSegments);
