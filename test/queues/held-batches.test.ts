import { describe, expect, it } from 'vitest';
import { type HeldBatch, HeldBatches } from '../../src/queues/held-batches.ts';

function held() {
  let now = 1000;
  const batches = new HeldBatches<string>(() => now);
  return { batches, pass: (ms: number) => (now += ms) };
}

function batch(lane: number | undefined, ...messages: string[]): HeldBatch<string> {
  return { lane, messages, tries: 0, delays: 0 };
}

const again = { delayMs: 0, tries: 1, delays: 0 };

describe('HeldBatches', () => {
  it('gives a batch when its time has come, with what was counted, and once', () => {
    const { batches, pass } = held();
    batches.giveBack(batch(0, 'a', 'b'), { delayMs: 50, tries: 2, delays: 3 });
    expect([batches.take(), batches.msToNext()]).toEqual([undefined, 50]);
    pass(49);
    expect(batches.take()).toBeUndefined();
    pass(1);
    expect(batches.msToNext()).toBe(0);
    expect(batches.take()).toEqual({ lane: 0, messages: ['a', 'b'], tries: 2, delays: 3 });
    expect([batches.take(), batches.msToNext(), batches.isEmpty]).toEqual([undefined, undefined, true]);
  });

  it('gives halves in order', () => {
    const { batches } = held();
    batches.halve(batch(0, 'a', 'b', 'c'), 0);
    const first = batches.take();
    expect(first?.messages).toEqual(['a']);
    if (first !== undefined) batches.giveBack(first, again);
    expect([batches.take(), batches.take()].map((each) => each?.messages)).toEqual([['a'], ['b', 'c']]);
    expect(() => batches.halve(batch(0, 'a'), 0)).toThrow(RangeError);
  });

  it('lets nothing of a lane pass a batch that waits, and all else', () => {
    const { batches, pass } = held();
    batches.halve(batch(0, 'a', 'b'), 0);
    const first = batches.take();
    if (first !== undefined) batches.giveBack(first, { ...again, delayMs: 100 });
    batches.giveBack(batch(1, 'c'), again);
    expect(batches.take()?.messages).toEqual(['c']);
    expect([batches.take(), batches.holds(0), batches.holds(1)]).toEqual([undefined, true, false]);
    pass(100);
    expect([batches.take(), batches.take()].map((each) => each?.messages)).toEqual([['a'], ['b']]);
  });

  it('gives nothing of a lane of which a batch is out', () => {
    const { batches } = held();
    batches.halve(batch(0, 'a', 'b'), 0);
    expect(batches.take()?.messages).toEqual(['a']);
    const isOut = (lane: number | string) => lane === 0;
    expect([batches.take(isOut), batches.msToNext(isOut)]).toEqual([undefined, undefined]);
    expect(batches.take()?.messages).toEqual(['b']);
  });

  it('lets batches of no lane pass each other', () => {
    const { batches } = held();
    batches.giveBack(batch(undefined, 'a'), again);
    batches.giveBack(batch(undefined, 'b'), { ...again, delayMs: 9 });
    expect(batches.take()?.messages).toEqual(['a']);
    expect(batches.msToNext()).toBe(9);
  });

  it('lets go of batches', () => {
    const { batches } = held();
    batches.giveBack(batch(0, 'a'), again);
    batches.giveBack(batch(1, 'b'), again);
    expect(batches.drop(0).map(({ messages }) => messages)).toEqual([['a']]);
    expect(batches.drop(1).map(({ messages }) => messages)).toEqual([['b']]);
    expect(batches.isEmpty).toBe(true);
  });
});
