/** The batches of a partition, without a broker. */

import { expect, it } from 'vitest';
import { Lane } from '../../../src/queues/kafka/lane.ts';
import type { StoredMessage } from '../../../src/queues/queue.ts';

const wanted = { count: 10, bytes: 1e6, lingerMs: 0 };

function message(sequence: number, key?: string): StoredMessage {
  return { sequence, time: 0, body: Buffer.from(`m${sequence}`), ...(key !== undefined && { key }) };
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

/** A lane with messages. */
function filled(offset: number, to: number, text = '', key?: string): Lane {
  const lane = new Lane(0, 'topic', { offset, text });
  fill(lane, offset, to, key);
  return lane;
}

function fill(lane: Lane, from: number, to: number, key?: string): void {
  lane.add(
    numbers(from, to).map((number) => message(number, key)),
    0,
  );
  lane.fetchOffset = to + 1;
  lane.end = to + 1;
}

/** Takes a batch. @returns its numbers, or how long to wait */
function take(lane: Lane, request: Partial<typeof wanted> & { isLoose?: boolean } = {}, nowMs = 0) {
  const next = lane.next({ ...wanted, ...request }, nowMs);
  if (typeof next === 'number') return next;
  lane.give(next, nowMs);
  return next.map(({ sequence }) => sequence);
}

it('commits up to the first batch that is out, and what is behind it as text', () => {
  const lane = filled(100, 129);
  expect([take(lane), take(lane), take(lane)]).toEqual([
    numbers(100, 109),
    numbers(110, 119),
    numbers(120, 129),
  ]);
  lane.finish(110);
  expect(lane.state).toEqual({ offset: 100, text: 'etlutils 0-9 a-j! k-t' });
  lane.finish(100);
  expect(lane.state).toEqual({ offset: 120, text: 'etlutils 0-9' });
  lane.finish(120);
  expect(lane.state).toEqual({ offset: 130, text: '' });
});

it('gives the batches of who had the partition before, whatever is asked for, and none that was done', () => {
  const lane = filled(100, 129, 'etlutils 0-2 3-9! c-d');
  expect(take(lane, { count: 1 })).toEqual(numbers(100, 102));
  // Not into the batch that follows.
  expect(take(lane)).toEqual([110, 111]);
  expect(lane.state).toEqual({ offset: 100, text: 'etlutils 0-2 3-9! a-b c-d' });
  expect(take(lane, { count: 1 })).toEqual([112, 113]);
  expect(take(lane)).toEqual(numbers(114, 123));
});

it('waits until it has all of a batch of who had the partition before', () => {
  const lane = filled(100, 103, 'etlutils 0-9');
  expect(take(lane)).toBe(Infinity);
  fill(lane, 104, 112);
  expect(take(lane)).toEqual(numbers(100, 109));
});

it('skips what was done and is not fetched', () => {
  const lane = new Lane(0, 'topic', { offset: 5, text: 'etlutils 0-4!' });
  lane.end = 20;
  expect(take(lane)).toBe(Infinity);
  expect(lane.fetchOffset).toBe(10);
  fill(lane, 10, 11);
  expect(take(lane)).toEqual([10, 11]);
});

it('gives messages as they are to who asks for no batches', () => {
  const lane = filled(0, 5, 'etlutils 0-1 2-3! 4-5');
  expect(take(lane, { isLoose: true })).toEqual([0, 1]);
  expect(take(lane, { isLoose: true })).toEqual([4, 5]);
});

it('waits for a full batch for a time, and for what is known to be there', () => {
  const lane = filled(0, 3);
  expect(take(lane, { lingerMs: 50 }, 20)).toBe(30);
  lane.end = 100;
  expect(take(lane, { lingerMs: 50 }, 60)).toBe(Infinity);
  lane.end = 4;
  expect(take(lane, { lingerMs: 50 }, 60)).toEqual([0, 1, 2, 3]);
});

it('has one batch with keys out, and several without', () => {
  const lane = filled(0, 3, '', 'key');
  expect(take(lane, { count: 2 })).toEqual([0, 1]);
  expect(take(lane, { count: 2 })).toBe(Infinity);
  lane.finish(0);
  expect(take(lane, { count: 2 })).toEqual([2, 3]);
});

it('has halves in place of a batch', () => {
  const lane = filled(0, 3);
  take(lane);
  const all = numbers(0, 3).map((number) => message(number));
  lane.split([all.slice(0, 2), all.slice(2)]);
  lane.finish(0);
  expect(lane.state).toEqual({ offset: 2, text: 'etlutils 0-1' });
  lane.finish(2);
  expect(lane.state).toEqual({ offset: 4, text: '' });
  expect(lane.isIdle).toBe(true);
});

it('counts offsets that hold no message as done', () => {
  const lane = filled(0, 1);
  lane.fetchOffset = 5;
  lane.end = 5;
  take(lane);
  lane.finish(0);
  expect(lane.state.offset).toBe(5);
});

it('gives no batch of which nothing is stored any more', () => {
  const lane = new Lane(0, 'topic', { offset: 100, text: 'etlutils 0-0 1-4 5-7! 8-9' });
  lane.add([message(103), message(110)], 0);
  lane.fetchOffset = 111;
  lane.end = 111;
  expect(take(lane)).toEqual([103]);
  expect(take(lane)).toEqual([110]);
  expect(lane.state).toEqual({ offset: 103, text: 'etlutils 0-0 7-7' });
});

it('lacks messages until a batch of who had the partition before is there as a whole', () => {
  const lane = filled(100, 104, 'etlutils 0-9');
  expect([take(lane, { count: 1 }), lane.isCut]).toEqual([Infinity, true]);
  fill(lane, 105, 111);
  expect([lane.isCut, take(lane, { count: 1 })]).toEqual([false, numbers(100, 109)]);
  expect(lane.isCut).toBe(false);
});

it('keeps the text short, however many batches are done behind one that is not', () => {
  const lane = filled(100, 2100);
  take(lane, { count: 1 });
  for (let left = 1000; left > 0; left--) {
    const [first] = take(lane, { count: 2 }) as number[];
    lane.finish(first ?? 0);
  }
  expect(lane.state).toEqual({ offset: 100, text: 'etlutils 0-0 1-1jk!' });
});
