/** Another thread, which counts segments of a file. */

import { parentPort } from 'node:worker_threads';
import { Counter } from './counter.ts';
import { countSegment, SegmentReport, type SegmentResult, segmentCount, TURN } from './segment.ts';
import type { Assignment, Message } from './team.ts';

/** Counts one segment after the other, then tells what it has counted. */
function countSegments({ plan, segments, lists, module, next }: Assignment): void {
  const report = new SegmentReport(lists);
  const counter = new Counter(plan, report, { kernelAfter: 0, module });
  const count = segmentCount(segments);
  let results: SegmentResult[] = [];
  for (let at = Atomics.add(next, 0, 1); at < count; at = Atomics.add(next, 0, 1)) {
    results.push(countSegment(counter, report, segments, at));
    if (results.length < TURN) continue;
    say({ results, counted: undefined });
    results = [];
  }
  say({ results, counted: counter.copy() });
}

function say(message: Message): void {
  parentPort?.postMessage(message);
}

parentPort?.once('message', countSegments);
