/** Partitions that cannot be fetched, while others can. */

import { expect, it } from 'vitest';
import { Failure, status } from '../../../src/failure.ts';
import { failureOf, meet, newTroubles, type Trouble } from '../../../src/queues/kafka/trouble.ts';

const [temporary, final] = [status.temporary, status.unavailable].map((kind) => new Failure(kind, 'why')) as [
  Failure,
  Failure,
];

function two(): { partition: number; trouble: Trouble | undefined }[] {
  return [0, 1].map((partition) => ({ partition, trouble: undefined }));
}

it('end the work when it is all of them, for the time to wait from when it began', () => {
  const lanes = two();
  expect(failureOf([], 0, 100)).toBeUndefined();
  for (const at of [0, 90]) for (const lane of lanes) meet(lane, temporary, at);
  expect([failureOf(lanes, 99, 100), failureOf(lanes, 100, 100)]).toEqual([undefined, temporary]);
});

it('are said once when it is some of them, and end the work at once when no waiting helps', () => {
  const lanes = two();
  const [first] = lanes;
  if (first === undefined) throw new Error('none');
  meet(first, temporary, 0);
  expect(failureOf(lanes, 100, 100)).toBeUndefined();
  expect([99, 100, 200].map((now) => newTroubles(lanes, now, 100).length)).toEqual([0, 1, 0]);
  meet(first, temporary, 150);
  expect(newTroubles(lanes, 300, 100)).toEqual([]);
  meet(first, final, 150);
  expect(failureOf(lanes, 150, 100)).toBe(final);
});
