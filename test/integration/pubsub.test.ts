/** Queues of Pub/Sub: what the contract leaves open where messages have no numbers and no order. */

import { describe, expect, it } from 'vitest';
import { dropQueue, makeQueue } from '../../src/queues/open.ts';
import { LostBatch, type TakenBatch, type TakeRequest } from '../../src/queues/queue.ts';
import { drain, messages, numbered, plain, queueContract, request, textsOf } from '../queues/contract.ts';
import { hasPubsub, PROJECT, pubsubServer, topicOf } from './pubsub-server.ts';

const shape = { partitions: undefined, replication: undefined, keep: undefined, maxBytes: undefined };
const again = { delayMs: 0, tries: 1, delays: 0 };

describe.runIf(hasPubsub())('Pub/Sub', () => {
  const { newTopic, missing, open, settings, client, env } = pubsubServer();

  queueContract('pubsub', {
    address: newTopic,
    deadOf: (address) => `${address}-dead`,
    abilities: new Set(['groups', 'keys', 'bytes', 'unkeyed']),
    env,
  });

  async function opened() {
    const address = await newTopic();
    return { address, queue: await open(address) };
  }

  it('gives messages as they were put, each with a name of its own', async () => {
    const { queue } = await opened();
    const bodies = [Buffer.from('one'), Buffer.alloc(0), Buffer.of(0, 255, 10, 13, 128), Buffer.from('ä')];
    const before = Date.now();
    await queue.put(
      bodies.map((body) => ({ body })),
      plain,
    );
    const batch = await queue.take(request);
    const hex = (all: readonly Buffer[] = []) => all.map((body) => body.toString('hex')).toSorted();
    expect(hex(batch?.messages.map(({ body }) => body))).toEqual(hex(bodies));
    expect(new Set(batch?.messages.map(({ messageId }) => messageId)).size).toBe(4);
    expect(batch?.messages[0]?.time).toBeGreaterThanOrEqual(before - 1);
    expect([batch?.partition, batch?.tries, batch?.delays]).toEqual([0, 0, 0]);
    await batch?.acknowledge();
    expect(await queue.take(request)).toBeUndefined();
  });

  it('gives batches of a number of messages, and of bytes', async () => {
    const { queue } = await opened();
    await queue.put(messages(['aaaa', 'bbbb', 'cccc', 'dddddddddd', 'e']), plain);
    const texts: string[] = [];
    for (const wanted of [{ count: 1 }, { bytes: 9 }, { bytes: 3 }, { bytes: 9 }, { count: 10 }]) {
      const batch = await queue.take({ ...request, ...wanted });
      const { count = 10, bytes = 1e6 } = wanted;
      const part = textsOf(batch) ?? [];
      expect(part.length === 1 || part.join('').length <= bytes).toBe(true);
      expect(part.length).toBeLessThanOrEqual(count);
      texts.push(...part);
      await batch?.acknowledge();
    }
    expect(texts.toSorted()).toEqual(['aaaa', 'bbbb', 'cccc', 'dddddddddd', 'e']);
  });

  it('waits for messages until the signal, and for a full batch for a time', async () => {
    const { address, queue } = await opened();
    const stop = new AbortController();
    const waiting: TakeRequest = {
      ...request,
      count: 3,
      lingerMs: 60_000,
      endsWhenEmpty: false,
      signal: stop.signal,
    };
    const full = queue.take(waiting);
    const other = await open(address);
    for (const text of ['a', 'b', 'c', 'd']) await other.put(messages([text]), plain);
    const batch = await full;
    expect(textsOf(batch)).toHaveLength(3);
    const rest = await queue.take({ ...waiting, lingerMs: 300 });
    expect([batch, rest].flatMap((each) => textsOf(each)).toSorted()).toEqual(['a', 'b', 'c', 'd']);
    await Promise.all([batch?.acknowledge(), rest?.acknowledge()]);
    const none = queue.take(waiting);
    stop.abort();
    expect(await none).toBeUndefined();
  });

  it('gives a returned batch again as it was when its time has come, with its tries and delays', async () => {
    const { queue } = await opened();
    await queue.put(messages(numbered(4)), plain);
    const first = await queue.take({ ...request, count: 4 });
    const texts = textsOf(first);
    const begun = performance.now();
    await first?.giveBack({ delayMs: 60, tries: 3, delays: 2 });
    const batch = await queue.take({ ...request, count: 1, bytes: 1 });
    expect(performance.now() - begun).toBeGreaterThan(55);
    expect([textsOf(batch), batch?.tries, batch?.delays]).toEqual([texts, 3, 2]);
    await batch?.acknowledge();
    expect(await queue.take(request)).toBeUndefined();
  });

  it('halves a batch until one message stands alone', async () => {
    const { queue } = await opened();
    await queue.put(messages(numbered(5)), plain);
    await (await queue.take(request))?.halve(7);
    const texts: string[] = [];
    for (let batch = await queue.take(request); batch !== undefined; batch = await queue.take(request)) {
      expect(batch.tries).toBe(7);
      if (batch.messages.length > 1) await batch.halve(batch.tries);
      else {
        texts.push(...(textsOf(batch) ?? []));
        await expect(batch.halve(0)).rejects.toThrow(RangeError);
        await batch.acknowledge();
      }
    }
    expect(texts.toSorted()).toEqual(numbered(5));
  });

  it('keeps the messages of a key in order: one batch of them is out at a time, also of halves', async () => {
    const { queue } = await opened();
    const keys = ['a', 'b', 'c'];
    for (let at = 0; at < 4; at++)
      for (const key of keys) await queue.put(messages([`${key}${at}`], key), plain);
    const texts: string[] = [];
    const out = new Set<string>();
    const work = async (each: number) => {
      for (let run = 0; ; run++) {
        const batch = await queue.take({ ...request, count: 3, lingerMs: 20 });
        if (batch === undefined) return;
        const own = [...new Set(batch.messages.map(({ key = '' }) => key))];
        expect(own.filter((key) => out.has(key))).toEqual([]);
        for (const key of own) out.add(key);
        await new Promise((resolve) => setTimeout(resolve, 10));
        for (const key of own) out.delete(key);
        if (batch.messages.length > 1 && (run + each) % 2 === 0) await batch.halve(1);
        else if ((run + each) % 3 === 0) await batch.giveBack(again);
        else {
          texts.push(...(textsOf(batch) ?? []));
          await batch.acknowledge();
        }
      }
    };
    await Promise.all([0, 1, 2].map(work));
    for (const key of keys)
      expect(texts.filter((text) => text.startsWith(key))).toEqual([0, 1, 2, 3].map((at) => `${key}${at}`));
  });

  it('gives a group of another subscription all messages', async () => {
    const { address, queue } = await opened();
    const topic = client().topic(topicOf(address));
    await topic.createSubscription(`${topicOf(address)}-chart`);
    await topic.createSubscription('of-another-name');
    await queue.put(messages(numbered(3)), plain);
    for (const group of ['default', 'chart', `projects/${PROJECT}/subscriptions/of-another-name`])
      expect((await drain(queue, { group })).toSorted()).toEqual(numbered(3));
  });

  it('makes no subscription by a take, nor a topic by a put: says what makes them', async () => {
    const { address, queue } = await opened();
    await expect(queue.take({ ...request, group: 'x' })).rejects.toMatchObject({
      status: 69,
      message:
        `${address}: no such subscription: "${topicOf(address)}-x" (make it: gcloud pubsub subscriptions create ` +
        `${topicOf(address)}-x --project=${PROJECT} --topic=${topicOf(address)} --enable-message-ordering --expiration-period=never ` +
        `--ack-deadline=60 --dead-letter-topic=${topicOf(address)}-dead --max-delivery-attempts=100)`,
    });
    const none = await open(missing());
    const hint = {
      status: 69,
      message: expect.stringMatching(/: no such topic \(make it: queue-make pubsub:.*\)$/),
    };
    await expect(none.assertPutable()).rejects.toMatchObject(hint);
    await expect(none.put(messages(['a']), plain)).rejects.toMatchObject({ ...hint, stored: 0 });
    await expect(none.take(request)).rejects.toMatchObject({
      status: 69,
      message: expect.stringMatching(/: no such subscription: "topic\d+-default" \(make it: queue-make /),
    });
  });

  it('does not take from the subscription of another topic', async () => {
    const { address, queue } = await opened();
    const other = await newTopic();
    await client()
      .topic(topicOf(other))
      .createSubscription(`${topicOf(address)}-x`);
    await expect(queue.take({ ...request, group: 'x' })).rejects.toMatchObject({
      status: 69,
      message: expect.stringContaining(`is one of projects/${PROJECT}/topics/${topicOf(other)}`),
    });
  });

  it('puts dead letters into the topic of its subscription, where they wait for takers', async () => {
    const { address, queue } = await opened();
    await queue.put([{ body: Buffer.from('bad'), key: 'k', headers: { a: 'b' } }], plain);
    await queue.assertBuriable('default');
    const bad = await queue.take(request);
    await bad?.bury({ tries: 5, status: 65, stderr: 'no such "field"\n' });
    expect(await queue.take(request)).toBeUndefined();
    const dead = await open(`${address}-dead`);
    const letter = await dead.take(request);
    expect([textsOf(letter), letter?.messages[0]?.key]).toEqual([['bad'], 'k']);
    expect(letter?.messages[0]?.headers).toEqual({
      ...{ a: 'b', 'dead-group': 'default', 'dead-tries': '5', 'dead-status': '65' },
      ...{ 'dead-stderr': 'no such "field"\n', 'dead-id': bad?.messages[0]?.messageId },
      'dead-time': new Date(bad?.messages[0]?.time ?? 0).toISOString().replace('.000Z', 'Z'),
    });
    await letter?.acknowledge();
    await expect(dead.assertBuriable('default')).rejects.toMatchObject({
      status: 69,
      message: expect.stringContaining('has no dead letter topic: where do dead letters go? (--dead QUEUE'),
    });
  });

  it('gives what it had at once to another taker when it is closed', async () => {
    const { address, queue } = await opened();
    await queue.put(messages(numbered(4)), plain);
    const first = await open(address);
    await first.take({ ...request, count: 3 });
    await (await first.take(request))?.giveBack({ ...again, delayMs: 60_000 });
    expect(await queue.take(request)).toBeUndefined();
    await first.close();
    expect((await drain(queue)).toSorted()).toEqual(numbered(4));
  });

  /** A topic whose messages come again after three seconds. */
  async function quick() {
    const { address, queue } = await opened();
    const options = { ackDeadlineSeconds: 3, enableMessageOrdering: true };
    await client()
      .topic(topicOf(address))
      .createSubscription(`${topicOf(address)}-quick`, options);
    return { address, queue, request: { ...request, group: 'quick' } };
  }

  it('keeps a batch that is out, held or lingering, for as long as it takes', async () => {
    const { address, queue, request } = await quick();
    await queue.put(messages(['a', 'b']), plain);
    const out = await queue.take({ ...request, count: 1 });
    await (await queue.take({ ...request, count: 1 }))?.giveBack({ ...again, delayMs: 7000 });
    await queue.put(messages(['c']), plain);
    const lingering = queue.take({ ...request, lingerMs: 7000, endsWhenEmpty: false });
    const other = await open(address);
    const begun = performance.now();
    while (performance.now() - begun < 6500) expect(await other.take(request)).toBeUndefined();
    await out?.acknowledge();
    const rest = [await lingering, await queue.take(request)];
    expect([out, ...rest].flatMap((batch) => textsOf(batch)).toSorted()).toEqual(['a', 'b', 'c']);
    await Promise.all(rest.map((batch) => batch?.acknowledge()));
  });

  it('tells of a batch whose time was over while this process stood still', async () => {
    const { address, queue, request } = await quick();
    await queue.put(messages(['a', 'b']), plain);
    const taken: (TakenBatch | undefined)[] = [];
    for (let at = 0; at < 2; at++) taken.push(await queue.take({ ...request, count: 1 }));
    for (const end = performance.now() + 3500; performance.now() < end; );
    await expect(taken[0]?.giveBack(again)).rejects.toThrow(LostBatch);
    await expect(taken[1]?.acknowledge()).rejects.toThrow(
      `${address}: message ${taken[1]?.messages[0]?.messageId} may come again: not acknowledged within the lease`,
    );
    expect(textsOf(await queue.take(request))).toEqual(textsOf(taken[0]));
  });

  it('is made once, of a shape that topics have, and dropped with its dead letters', async () => {
    const address = missing();
    const kept = { ...shape, keep: { ms: 86_400_000 } };
    await makeQueue(address, kept, settings());
    await makeQueue(address, shape, settings());
    await makeQueue(address, kept, settings());
    await expect(makeQueue(address, { ...shape, keep: { ms: 600_000 } }, settings())).rejects.toMatchObject({
      status: 65,
      message: `${address}: has another shape: keep 86400000 ms`,
    });
    for (const bad of [
      { partitions: 3 },
      { replication: 3 },
      { maxBytes: 10 },
      { keep: { bytes: 10 } },
      { keep: { ms: 1 } },
    ])
      await expect(makeQueue(address, { ...shape, ...bad }, settings())).rejects.toMatchObject({
        status: 64,
      });
    const [subscriptions] = await client().getSubscriptions();
    const names = subscriptions
      .map(({ name }) => name)
      .filter((name) => name.includes(`/${topicOf(address)}-`));
    expect(names.map(topicOf).toSorted()).toEqual([
      `${topicOf(address)}-dead-default`,
      `${topicOf(address)}-default`,
    ]);
    expect(await dropQueue(address, settings())).toBe(true);
    expect(await dropQueue(address, settings())).toBe(false);
    const [left] = await client().getSubscriptions();
    expect(left.filter(({ name }) => names.includes(name))).toEqual([]);
  });
});
