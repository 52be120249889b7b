import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LeasedTaker } from '../../../src/queues/leased/taker.ts';
import { LostBatch, type TakeRequest } from '../../../src/queues/queue.ts';
import { request, textsOf } from '../contract.ts';
import { away, MemoryEngine, refused } from './engine.ts';

const waiting: TakeRequest = { ...request, endsWhenEmpty: false };
/** A single message, of all that are received. */
const one = { bytes: 1 };
const failed = { delayMs: 0, tries: 1, delays: 0 };
const asBefore = { delayMs: 0, tries: 0, delays: 0 };

function taking(settings: ConstructorParameters<typeof MemoryEngine>[0] = {}, ...texts: string[]) {
  const engine = new MemoryEngine(settings);
  engine.put(...texts);
  const taker = new LeasedTaker(engine);
  onTestFinished(() => taker.close());
  /** The next batch, which must come at once. */
  const take = async (wanted: Partial<TakeRequest> = {}) => {
    const batch = await taker.take({ ...waiting, signal: AbortSignal.timeout(30_000), ...wanted });
    if (batch === undefined) throw new Error('no batch');
    return batch;
  };
  /** Whether there is none for some time. */
  const hasNone = async () =>
    (await taker.take({ ...waiting, signal: AbortSignal.timeout(50) })) === undefined;
  return { engine, taker, take, hasNone };
}

describe('a batch', () => {
  it('has at most the number of messages, and of bytes; a longer message is alone', async () => {
    const { take } = taking({}, ...['11', '2', '3', '44444', '5', '6']);
    const limits = [{ count: 1 }, { bytes: 2 }, { bytes: 2 }, { bytes: 100 }];
    const texts = [];
    for (const limit of limits) texts.push(textsOf(await take(limit)));
    expect(texts).toEqual([['11'], ['2', '3'], ['44444'], ['5', '6']]);
  });

  it('waits for more until it is full, or for the time', async () => {
    const { engine, take } = taking();
    const full = take({ count: 2, lingerMs: 60_000 });
    for (const text of ['1', '2', '3']) {
      engine.put(text);
      await sleep(10);
    }
    expect(textsOf(await full)).toEqual(['1', '2']);
    const begun = performance.now();
    expect(textsOf(await take({ lingerMs: 60 }))).toEqual(['3']);
    expect(performance.now() - begun).toBeGreaterThan(55);
  });

  it('is filled without waiting by an engine that has plenty, with several requests at once', async () => {
    const { engine, take } = taking({ requestsAtOnce: 3 }, ...Array.from({ length: 45 }, (_, at) => `${at}`));
    expect((await take({ count: 40 })).messages.length).toBe(40);
    expect(engine.asked.map(({ waitMs }) => waitMs > 0)).toEqual([true, false, false, false]);
    expect((await take({ count: 40 })).messages.length).toBe(5);
  });

  it('is not waited for when nothing is anywhere; it is while others have messages', async () => {
    const { engine, taker } = taking();
    engine.isElsewhere = true;
    const end = taker.take(request);
    expect(await Promise.race([end.then(() => 'ended'), sleep(1200)])).toBeUndefined();
    engine.isElsewhere = false;
    expect(await end).toBeUndefined();
  });

  it('is asked for about once a second where the server does not wait for messages', async () => {
    const { engine, taker, take } = taking();
    engine.isHasty = true;
    expect(await taker.take({ ...waiting, signal: AbortSignal.timeout(1500) })).toBeUndefined();
    expect(engine.asked.length).toBeLessThan(4);
    engine.put('1');
    expect(textsOf(await take())).toEqual(['1']);
  });

  it('is used up when it is acknowledged', async () => {
    const { engine, taker, take, hasNone } = taking({}, '1', '2');
    await (await take()).acknowledge();
    expect(await hasNone()).toBe(true);
    await taker.close();
    expect(engine.did).toEqual(['acknowledge 1 2']);
  });

  it('comes again here with what was counted, when its time has come', async () => {
    const { engine, take, hasNone } = taking({}, '1', '2');
    await (await take()).giveBack({ delayMs: 1500, tries: 2, delays: 3 });
    expect(await hasNone()).toBe(true);
    const batch = await take(one);
    expect([textsOf(batch), batch.tries, batch.delays]).toEqual([['1', '2'], 2, 3]);
    expect(engine.did).toEqual([]);
  });

  it('that no command has had goes back to the engine, unless its keys have an order', async () => {
    const unkeyed = taking({}, '1');
    await (await unkeyed.take()).giveBack(asBefore);
    const other = taking({ hasOrder: false }, 'a1');
    await (await other.take()).giveBack(asBefore);
    const ordered = taking({}, 'a1');
    await (await ordered.take()).giveBack(asBefore);
    expect([unkeyed, other, ordered].map(({ engine }) => engine.did)).toEqual([
      ['release 1'],
      ['release a1'],
      [],
    ]);
    expect(textsOf(await ordered.take())).toEqual(['a1']);
  });

  it('is buried as a dead letter before it is acknowledged; only a single message is, or is not halved', async () => {
    const { engine, take } = taking({}, '1', '2', '3');
    const reason = { tries: 0, status: 65, stderr: '' };
    const single = await take(one);
    await expect(single.halve(0)).rejects.toThrow(RangeError);
    await single.bury(reason);
    await expect((await take()).bury(reason)).rejects.toThrow(RangeError);
    expect(engine.did).toEqual(['putDead 1', 'acknowledge 1']);
  });

  it.each(['putDead', 'acknowledge'] as const)(
    'that failed to be buried at %s is not used up',
    async (name) => {
      const { engine, taker, take } = taking({}, '1');
      engine.failures = { [name]: refused };
      await expect((await take()).bury({ tries: 0, status: 65, stderr: '' })).rejects.toBe(refused);
      engine.failures = {};
      await taker.close();
      expect(engine.did.at(-1)).toBe('release 1');
    },
  );
});

describe('messages of a key', () => {
  it('wait while a batch has others of their key', async () => {
    const { take, hasNone } = taking({}, 'a1', 'a2', 'b1');
    const first = await take(one);
    expect(textsOf(await take())).toEqual(['b1']);
    expect(await hasNone()).toBe(true);
    await first.acknowledge();
    expect(textsOf(await take())).toEqual(['a2']);
  });

  it('do not wait where keys have no order', async () => {
    const { take } = taking({ hasOrder: false }, 'a1', 'a2');
    expect(textsOf(await take(one))).toEqual(['a1']);
    expect(textsOf(await take(one))).toEqual(['a2']);
  });

  it('come behind those that were given back, and behind both halves', async () => {
    const { engine, take, hasNone } = taking({}, 'a1', 'a2');
    await (await take()).giveBack(failed);
    await (await take()).halve(0);
    engine.put('a3');
    const first = await take();
    expect(textsOf(first)).toEqual(['a1']);
    expect(await hasNone()).toBe(true);
    await first.acknowledge();
    const second = await take();
    expect(textsOf(second)).toEqual(['a2']);
    expect(await hasNone()).toBe(true);
    await second.acknowledge();
    expect(textsOf(await take())).toEqual(['a3']);
  });

  it('go back to the engine together with an earlier one that is lost', async () => {
    const { engine, take } = taking({ leaseMs: 3000 }, 'a1', 'a2', 'b1');
    const first = await take(one);
    engine.lost = new Set(['a1']);
    await expect.poll(() => engine.did).toEqual(['extend a1 a2 b1']);
    await expect(first.giveBack(failed)).rejects.toThrow(LostBatch);
    expect(engine.did.at(-1)).toBe('release a2');
    expect(textsOf(await take())).toEqual(['b1']);
  });

  it.each([
    ['acknowledged', 'acknowledge'],
    ['buried', 'putDead'],
  ] as const)('go back to the engine together with an earlier one that cannot be %s', async (_, verb) => {
    const { engine, taker, take } = taking({}, 'a1', 'a2');
    const first = await take(one);
    const next = taker.take({ ...waiting, signal: AbortSignal.timeout(200) });
    engine.failures = { [verb]: away };
    const reason = { tries: 0, status: 65, stderr: '' };
    const ended = verb === 'putDead' ? first.bury(reason) : first.acknowledge();
    await expect(ended).rejects.toThrow(away);
    expect(await next).toBeUndefined();
    expect(engine.did).toEqual([`${verb} a1`, 'release a1 a2']);
  });

  it('go back to the engine when an earlier one was acknowledged too late', async () => {
    const { engine, taker, take } = taking({}, 'a1', 'a2');
    const first = await take(one);
    const next = taker.take({ ...waiting, signal: AbortSignal.timeout(200) });
    engine.lost = new Set(['a1']);
    await expect(first.acknowledge()).rejects.toThrow(LostBatch);
    expect(await next).toBeUndefined();
    expect(engine.did).toEqual(['acknowledge a1', 'release a2']);
  });
});

describe('a lease', () => {
  it('is extended every third of it while the message waits, is out or held', async () => {
    const { engine, take } = taking({ leaseMs: 900 }, '1', '2', 'a1', 'a2');
    const [first, second] = [await take(one), await take(one)];
    await take(one);
    await second.giveBack({ ...failed, delayMs: 1500 });
    await sleep(1000);
    expect(new Set(engine.did)).toEqual(new Set(['extend 1 2 a1 a2']));
    await first.acknowledge();
    expect(textsOf(await take())).toEqual(['2']);
    expect(engine.did.length).toBeGreaterThan(4);
  });

  it('that is over is told: the batch is not given back, halved or buried, but acknowledged all the same', async () => {
    const { engine, take } = taking({ leaseMs: 400 }, '1', '2', '3', '4', '5', '6', '7');
    engine.failures = { extend: away };
    const halved = await take({ count: 2 });
    const [returned, acknowledged] = [await take({ count: 2 }), await take({ count: 2 })];
    const single = await take();
    for (const end = performance.now() + 500; performance.now() < end; );
    const over = 'q: 2 messages may come again: not acknowledged within the lease';
    await expect(halved.halve(0)).rejects.toThrow(over);
    await expect(returned.giveBack(failed)).rejects.toThrow(over);
    await expect(acknowledged.acknowledge()).rejects.toThrow(over);
    const buried = single.bury({ tries: 0, status: 65, stderr: '' });
    await expect(buried).rejects.toThrow('q: message 7 may come again: not acknowledged within the lease');
    expect(engine.did).toEqual(['acknowledge 5 6']);
  });

  it.each([
    ['at once', 0],
    ['after its timers', 1],
  ])('may be over when a process that was suspended reads an answer %s', async (_, ms) => {
    const { engine, taker } = taking({ leaseMs: 400 });
    const next = taker.take({ ...waiting, signal: AbortSignal.timeout(1000) });
    await sleep(20);
    const isRead = ms === 0 ? undefined : sleep(ms);
    for (const end = performance.now() + 500; performance.now() < end; );
    await isRead;
    engine.put('1');
    expect(await next).toBeUndefined();
  });

  it('that is over, as the engine says, is told with the reason', async () => {
    const { engine, take } = taking({}, '1', '2');
    engine.lost = new Set(['2']);
    const acknowledged = (await take()).acknowledge();
    await expect(acknowledged).rejects.toThrow(LostBatch);
    await expect(acknowledged).rejects.toThrow('q: message 2 may come again: as told');
  });

  it('that is over ends the waiting of a message, and of a batch that was given back', async () => {
    const { engine, take, hasNone } = taking({ leaseMs: 3000 }, '1', 'a1', 'a2');
    const [first, second] = [await take(one), await take(one)];
    await first.giveBack(failed);
    engine.lost = new Set(['1', 'a2']);
    await expect.poll(() => engine.did).toEqual(['extend 1 a1 a2']);
    expect(await hasNone()).toBe(true);
    await second.acknowledge();
    expect(await hasNone()).toBe(true);
  });

  it.each([
    ['in secret while the engine may come back', away, 'explain q: away'],
    ['aloud when it refuses', refused, 'warn q: refused'],
  ])('that cannot be extended is told %s', async (_, failure, text) => {
    const { engine, take } = taking({ leaseMs: 3000 }, '1');
    engine.failures = { extend: failure };
    await take();
    await expect.poll(() => engine.told).toContain(`${text}: messages in work may come again`);
  });
});

describe('a taker', () => {
  it('that is closed releases what waits, is held and is out, and no more than that', async () => {
    const { engine, taker, take } = taking({}, 'a1', 'b1', 'c1', 'a2');
    const [used, held] = [await take(one), await take(one)];
    await take(one);
    await used.acknowledge();
    await held.giveBack({ ...failed, delayMs: 60_000 });
    await taker.close();
    expect(engine.did).toEqual(['acknowledge a1', 'release b1 c1 a2']);
  });

  it('that cannot release says when messages come again', async () => {
    const { engine, taker, take } = taking({}, '1');
    await take();
    engine.failures = { release: away };
    await taker.close();
    expect(engine.told).toEqual(['explain q: away: messages come again in 60 s']);
  });

  it('leaves to others what arrives while nobody takes', async () => {
    const { engine, hasNone } = taking();
    expect(await hasNone()).toBe(true);
    engine.put('1');
    await expect.poll(() => engine.did).toEqual(['release 1']);
  });

  it('keeps what arrives when somebody takes in time', async () => {
    const { engine, take, hasNone } = taking();
    expect(await hasNone()).toBe(true);
    engine.put('1');
    expect(textsOf(await take())).toEqual(['1']);
    await sleep(1200);
    expect(engine.did).toEqual([]);
  });

  it('fails with what the engine fails with, and begins anew', async () => {
    const { engine, take } = taking({}, '1');
    engine.failures = { receive: refused };
    await expect(take()).rejects.toBe(refused);
    engine.failures = {};
    expect(textsOf(await take())).toEqual(['1']);
  });
});
