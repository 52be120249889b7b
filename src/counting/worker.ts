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
  shouldStop,
} from './segment.ts';
import type { WorkerMessage, WorkerTask } from './thread-pool.ts';

function countSegments({ plan, segments, threads, lists, module, next }: WorkerTask): void {
  const report = new SegmentReport(lists);
  const counter = new Counter(plan, report, { kernelAfter: 0, module });
  const count = segmentCount(segments);
  let results: SegmentResult[] = [];
  let groupsBefore = 0;
  for (let at = Atomics.add(next, 0, 1); at < count; at = Atomics.add(next, 0, 1)) {
    const result = countSegment(counter, report, segments, at);
    results.push(result);
    const groups = counter.accumulator.kernel?.groupCount ?? 0;
    const newGroups = groups - groupsBefore;
    const linesToCome = ((count - at - 1) * result.lines) / threads;
    if (shouldStop({ groups, newGroups, newLines: result.lines, linesToCome })) break;
    groupsBefore = groups;
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
