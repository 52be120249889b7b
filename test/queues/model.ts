/** Compares a queue with a model: lists of messages. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openQueue } from '../../src/queues/open.ts';
import type { Queue, TakenBatch } from '../../src/queues/queue.ts';
import { FIRST_SEED, seedCount } from '../thorough.ts';

const { signal } = new AbortController();

type Step =
  | { readonly kind: 'put'; readonly keys: readonly (string | undefined)[] }
  | { readonly kind: 'take'; readonly group: string; readonly count: number }
  | { readonly kind: 'acknowledge' | 'giveBack' | 'halve' | 'bury'; readonly which: number }
  | { readonly kind: 'restart' }
  | { readonly kind: 'seek'; readonly group: string; readonly to: 'beginning' | 'end' };

const group = fc.constantFrom('a', 'b');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      keys: fc.array(fc.constantFrom(undefined, 'k1', 'k2', 'k3'), { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('take' as const),
      group,
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('acknowledge' as const, 'giveBack' as const, 'halve' as const, 'bury' as const),
      which: fc.nat(5),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('seek' as const),
      group,
      to: fc.constantFrom('beginning' as const, 'end' as const),
    }),
  },
);

interface Known {
  readonly text: string;
  readonly key: string | undefined;
}

interface Out {
  readonly group: string;
  readonly batch: TakenBatch;
}

/** A queue, and the unacknowledged messages of each group. */
class Pair {
  readonly #address: string;
  #queue: Queue;
  #put: Known[] = [];
  readonly #left = new Map<string, Known[]>([
    ['a', []],
    ['b', []],
  ]);
  #out: Out[] = [];

  constructor(address: string, queue: Queue) {
    this.#address = address;
    this.#queue = queue;
  }

  async do(step: Step): Promise<void> {
    if (step.kind === 'put') await this.#putMessages(step.keys);
    else if (step.kind === 'take') await this.#take(step.group, step.count);
    else if (step.kind === 'restart') await this.#restart();
    else if (step.kind === 'seek') await this.#seek(step.group, step.to);
    else await this.#finish(step.kind, step.which);
  }

  async #putMessages(keys: readonly (string | undefined)[]): Promise<void> {
    const known = keys.map((key, at) => ({ text: `${this.#put.length + at}`, key }));
    await this.#queue.put(
      known.map(({ text, key }) => ({ body: Buffer.from(text), ...(key !== undefined && { key }) })),
      { delayMs: 0, remember: 0 },
    );
    this.#put.push(...known);
    for (const left of this.#left.values()) left.push(...known);
  }

  async #take(name: string, count: number): Promise<void> {
    const left = this.#leftOf(name);
    const mine = this.#out.filter((out) => out.group === name);
    const stop = AbortSignal.timeout(mine.length > 0 ? 15 : 30_000);
    const batch = await this.#queue.take({
      ...{
        group: name,
        from: 'beginning',
        count,
        bytes: 1e6,
        lingerMs: 0,
        endsWhenEmpty: true,
        signal: stop,
      },
    });
    if (batch === undefined) {
      if (mine.length === 0) expect(left).toEqual([]);
      return;
    }
    const texts = batch.messages.map(({ body }) => body.toString());
    const held = new Set(mine.flatMap((out) => out.batch.messages.map(({ body }) => body.toString())));
    const ready = left.filter(({ text }) => !held.has(text));
    expect(ready.map(({ text }) => text)).toEqual(expect.arrayContaining(texts));
    for (const key of new Set(batch.messages.map((message) => message.key))) {
      const own = batch.messages.filter((message) => message.key === key).map(({ body }) => body.toString());
      const all = left.filter((message) => message.key === key).map(({ text }) => text);
      // Within a key, the oldest ones left, and no other taker has any of them.
      if (key !== undefined) expect(own).toEqual(all.slice(0, own.length));
      else expect(own).toEqual(own.toSorted((a, b) => Number(a) - Number(b)));
    }
    this.#out.push({ group: name, batch });
  }

  async #finish(kind: 'acknowledge' | 'giveBack' | 'halve' | 'bury', which: number): Promise<void> {
    const out = this.#out[which % Math.max(this.#out.length, 1)];
    if (out === undefined) return;
    const { batch } = out;
    if (kind === 'halve' && batch.messages.length < 2) return;
    if (kind === 'bury' && batch.messages.length > 1) return;
    this.#out = this.#out.filter((other) => other !== out);
    if (kind === 'giveBack') await batch.giveBack({ delayMs: 0, tries: 1, delays: 0 });
    if (kind === 'halve') await batch.halve(1);
    if (kind === 'acknowledge') await batch.acknowledge();
    if (kind === 'bury') await batch.bury({ tries: 1, status: 65, stderr: '' });
    if (kind === 'giveBack' || kind === 'halve') return;
    const gone = new Set(batch.messages.map(({ body }) => body.toString()));
    const left = this.#leftOf(out.group).filter(({ text }) => !gone.has(text));
    this.#left.set(out.group, left);
  }

  async #restart(): Promise<void> {
    await this.#queue.close();
    this.#out = [];
    this.#queue = await openPlain(this.#address);
  }

  async #seek(name: string, to: 'beginning' | 'end'): Promise<void> {
    if (this.#put.length === 0) return;
    const isUsed = this.#out.some((out) => out.group === name);
    const done = await this.#queue.seek(name, to).then(
      () => true,
      () => false,
    );
    expect(done).toBe(!isUsed);
    // Where the beginning is depends on what is kept for other groups, so the queue is asked.
    if (!done) return;
    const kept = new Set<string>();
    for await (const { message } of this.#queue.peek?.(name) ?? []) kept.add(message.body.toString());
    if (to === 'end') expect(kept.size).toBe(0);
    this.#left.set(
      name,
      this.#put.filter(({ text }) => kept.has(text)),
    );
  }

  /** Checks that exactly the rest is delivered. */
  async end(): Promise<void> {
    await this.#restart();
    for (const [name, left] of this.#left) {
      const texts: string[] = [];
      for (;;) {
        const batch = await this.#queue.take({
          ...{
            group: name,
            from: 'beginning',
            count: 3,
            bytes: 1e6,
            lingerMs: 0,
            endsWhenEmpty: true,
            signal,
          },
        });
        if (batch === undefined) break;
        texts.push(...batch.messages.map(({ body }) => body.toString()));
        await batch.acknowledge();
      }
      expect(texts.toSorted()).toEqual(left.map(({ text }) => text).toSorted());
    }
    await this.#queue.close();
  }

  #leftOf(name: string): Known[] {
    return this.#left.get(name) ?? [];
  }
}

function openPlain(address: string): Promise<Queue> {
  return openQueue(address, {
    waitMs: 10_000,
    signal,
    now: () => Date.now(),
    env: {},
    warn() {},
    explain() {},
  });
}

export function modelTest(newAddress: () => Promise<string>): void {
  it('does what lists of messages do', { tags: 'sized' }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const address = await newAddress();
        const queue = await openPlain(address);
        // Both groups exist from the beginning.
        await queue.put([{ body: Buffer.from('first') }], { delayMs: 0, remember: 0 });
        for (const name of ['a', 'b']) await queue.seek(name, 'end');
        const pair = new Pair(address, queue);
        for (const each of steps) await pair.do(each);
        await pair.end();
      }),
      { numRuns: seedCount(12, 150), seed: FIRST_SEED },
    );
  });
}
