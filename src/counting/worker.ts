/** A worker thread: counts segments of a file until none is left, or it would slow the others down. */

import { parentPort } from 'node:worker_threads';
import { tooManyGroups } from './accumulator.ts';
import { Counter } from './counter.ts';
import {
  countSegment,
  SEGMENTS_PER_TURN,
  SegmentReport,
  type SegmentResult,
  segmentCount,
} from './segment.ts';
import { SegmentQueue } from './segment-queue.ts';
import type { WorkerMessage, WorkerTask } from './thread-pool.ts';

function countSegments({ plan, segments, threads, lists, module, shared }: WorkerTask): void {
  const report = new SegmentReport(lists);
  const counter = new Counter(plan, report, { kernelAfter: 0, module });
  const queue = new SegmentQueue({ shared, count: segmentCount(segments), threads, isMain: false });
  let results: SegmentResult[] = [];
  for (let segment = queue.take(); segment !== undefined; segment = queue.take()) {
    const result = countSegment(counter, report, segments, segment);
    results.push(result);
    queue.report(segment, result.lines, counter.accumulator.kernel?.groupCount ?? 0);
    // Report rejected lines at once: there may be many.
    if (results.length < SEGMENTS_PER_TURN && result.rejected.length === 0) continue;
    send({ results, counted: undefined });
    results = [];
  }
  const counted = counter.accumulator.copy();
  send({ results, counted }, counted.groups && [counted.groups.memory]);
}

/** Posts a message. Buffers in `moved` are transferred, not copied. @throws Failure if memory runs out for the rest */
function send(message: WorkerMessage, moved: ArrayBuffer[] = []): void {
  try {
    parentPort?.postMessage(message, moved);
  } catch (error) {
    // Everything is plain data, so only a lack of memory can cause this.
    throw error instanceof DOMException && error.name === 'DataCloneError' ? tooManyGroups() : error;
  }
}

parentPort?.once('message', countSegments);
