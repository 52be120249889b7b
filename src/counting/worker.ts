/** Another thread, which counts segments of a file. */

import { parentPort } from 'node:worker_threads';
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

parentPort?.once('message', countSegments);
