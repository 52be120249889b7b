/** The contract of all queues. */

import { afterEach, describe, expect, it } from 'vitest';
import { type Ability, allAbilities } from '../../src/queues/abilities.ts';
import { abilitiesOf, openQueue } from '../../src/queues/open.ts';
import type { Message, Queue, TakenBatch, TakeRequest } from '../../src/queues/queue.ts';
import { modelTest } from './model.ts';
import { inProcess } from './queue-process.ts';

const { signal } = new AbortController();

/** The messages of a batch, as text. */
export function textsOf(batch: TakenBatch | undefined): string[] | undefined {
  return batch?.messages.map(({ body }) => body.toString());
}

/** Creates messages. */
function withKey(texts: readonly string[], key?: string): Message[] {
  return texts.map((text) => ({ body: Buffer.from(text), ...(key !== undefined && { key }) }));
}

export { withKey as messages };

/** `count` texts: `m0`, `m1`. */
export function numbered(count: number, prefix = 'm'): string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}${at}`);
}

export const plain = { delayMs: 0, remember: 0 };

/** Takes whatever is ready, up to ten messages. */
export const request: TakeRequest = {
  ...{ group: 'default', from: 'beginning', count: 10, bytes: 1e6, lingerMs: 0, endsWhenEmpty: true, signal },
};

/** Does not register a test, because the engine lacks the ability. */
function notHere(_name: string, _test: () => Promise<void>): void {}

const again = { delayMs: 0, tries: 1, delays: 0 };

/** Takes and acknowledges until the queue is empty. @returns the texts */
export async function drain(queue: Queue, wanted: Partial<TakeRequest> = {}): Promise<string[]> {
  const texts: string[] = [];
  for (;;) {
    const batch = await queue.take({ ...request, ...wanted });
    if (batch === undefined) return texts;
    texts.push(...(textsOf(batch) ?? []));
    await batch.acknowledge();
  }
}

interface ContractSettings {
  /** The address of a new queue, or of an empty one if the engine creates none. @param partitions if it matters */
  address(partitions?: number): Promise<string>;
  /** The address of a queue's dead letters. */
  deadOf(address: string): string;
  /** The abilities of the engine: all others are refused. */
  readonly abilities: ReadonlySet<Ability>;
  /** The settings for its server and credentials. */
  env?(): Readonly<Record<string, string>>;
}

export function queueContract(name: string, contract: ContractSettings): void {
  const { address: newAddress, deadOf, abilities, env = () => ({}) } = contract;
  const can = (...needed: Ability[]) => needed.every((each) => abilities.has(each));
  /** Registers a test for engines with these abilities only. */
  const given = (...needed: Ability[]) => (can(...needed) ? it : notHere);
  const isOrdered = can('sequence') || (can('keys') && !can('unkeyed'));
  /** Sorts the texts, unless the engine preserves their order. */
  const inOrder = (texts: readonly string[] | undefined) => (isOrdered ? texts : texts?.toSorted());
  /** With a key, if the engine requires one. */
  const messages = (texts: readonly string[], key = can('unkeyed') ? undefined : 'all') =>
    withKey(texts, key);

  describe(`queue: ${name}`, () => {
    const open: Queue[] = [];
    afterEach(async () => {
      for (const queue of open.splice(0)) await queue.close();
    });

    async function openAt(address: string, now = () => Date.now()) {
      const queue = await openQueue(address, {
        waitMs: 10_000,
        signal,
        now,
        env: env(),
        warn() {},
        explain() {},
      });
      open.push(queue);
      return queue;
    }
    async function opened(partitions?: number) {
      const address = await newAddress(partitions);
      return { address, queue: await openAt(address) };
    }

    it('declares what its engine has; all else is refused at the start', async () => {
      const address = await newAddress();
      const settings = { waitMs: 10_000, signal, env: env(), now: () => 0, warn() {}, explain() {} };
      expect(await abilitiesOf(address)).toEqual(abilities);
      for (const ability of allAbilities) {
        const opening = openQueue(address, settings, [ability]);
        if (can(ability)) await (await opening).close();
        else await expect(opening).rejects.toMatchObject({ status: 64 });
      }
    });

    it('gives messages as they were put, in their order', async () => {
      const { queue } = await opened();
      const odd = can('bytes') ? [Buffer.alloc(0), Buffer.of(0, 255, 10, 13, 128)] : [Buffer.from('\n\t')];
      const bodies = [Buffer.from('one'), ...odd, Buffer.from('ä')];
      const key = can('unkeyed') ? {} : { key: 'k' };
      const before = Date.now();
      const put = await queue.put(
        bodies.map((body) => ({ body, ...key })),
        plain,
      );
      expect(put).toEqual({ stored: bodies.length, repeated: 0 });
      const batch = await queue.take(request);
      const hex = (all: Buffer[] | undefined) => inOrder(all?.map((each) => each.toString('hex')));
      expect(hex(batch?.messages.map(({ body }) => body))).toEqual(hex(bodies));
      expect(batch?.messages.map(({ sequence }) => sequence)).toEqual(
        bodies.map((_, at) => (can('sequence') ? at : undefined)),
      );
      expect([batch?.partition, batch?.tries, batch?.delays]).toEqual([0, 0, 0]);
      expect(batch?.messages[0]?.time).toBeGreaterThanOrEqual(before - 1);
      await batch?.acknowledge();
      expect(await queue.take(request)).toBeUndefined();
    });

    given('keys')('keeps keys and headers', async () => {
      const { queue } = await opened();
      const headers = { 'content-type': 'text/plain', ä: '"' };
      await queue.put([{ body: Buffer.from('x'), key: 'ключ "1"', headers }], plain);
      const batch = await queue.take(request);
      expect(batch?.messages).toMatchObject([{ key: 'ключ "1"', headers }]);
      await batch?.acknowledge();
    });

    (isOrdered ? it : notHere)(
      'gives batches of a number of messages, and of bytes; a longer message alone',
      async () => {
        const { queue } = await opened();
        await queue.put(messages(['aaaa', 'bbbb', 'cccc', 'dddddddddd', 'e']), plain);
        const taken = [];
        for (const wanted of [{ count: 1 }, { bytes: 9 }, { bytes: 3 }, { count: 10 }]) {
          const batch = await queue.take({ ...request, ...wanted });
          taken.push(textsOf(batch));
          await batch?.acknowledge();
        }
        expect(taken).toEqual([['aaaa'], ['bbbb', 'cccc'], ['dddddddddd'], ['e']]);
      },
    );

    it('waits for messages, also of a queue that is missing, until the signal', async () => {
      const { address, queue } = await opened();
      const stop = new AbortController();
      const waiting = { ...request, endsWhenEmpty: false, signal: stop.signal };
      const taken = queue.take(waiting);
      const other = await openAt(address);
      await other.put(messages(['late']), plain);
      const batch = await taken;
      expect(textsOf(batch)).toEqual(['late']);
      await batch?.acknowledge();
      const none = queue.take(waiting);
      stop.abort();
      expect(await none).toBeUndefined();
    });

    given('unkeyed')('waits for a full batch for a time, and no longer', async () => {
      const { queue } = await opened();
      await queue.put(messages(['a']), plain);
      const waiting = { ...request, count: 3, lingerMs: 60_000 };
      const full = queue.take(waiting);
      await queue.put(messages(['b', 'c', 'd']), plain);
      const batch = await full;
      await batch?.acknowledge();
      const rest = await queue.take({ ...waiting, lingerMs: 30 });
      expect([batch, rest].map((each) => each?.messages.length)).toEqual([3, 1]);
      expect(inOrder([batch, rest].flatMap((each) => textsOf(each) ?? []))).toEqual(['a', 'b', 'c', 'd']);
    });

    given('batches', 'counts')(
      'gives a returned batch again as it was, with its tries and delays',
      async () => {
        const { address, queue } = await opened();
        await queue.put(messages(numbered(6)), plain);
        await (await queue.take({ ...request, count: 4 }))?.giveBack({ delayMs: 0, tries: 3, delays: 2 });
        const other = await openAt(address);
        const batch = await other.take({ ...request, count: 1, bytes: 1 });
        expect(textsOf(batch)).toEqual(['m0', 'm1', 'm2', 'm3']);
        expect([batch?.tries, batch?.delays]).toEqual([3, 2]);
        await batch?.acknowledge();
        expect(await drain(queue)).toEqual(['m4', 'm5']);
      },
    );

    given('counts')('gives a delayed batch again when its time is over', async () => {
      const { queue } = await opened();
      await queue.put(messages(['a']), plain);
      const begun = performance.now();
      await (await queue.take(request))?.giveBack({ ...again, delayMs: 60 });
      expect(textsOf(await queue.take(request))).toEqual(['a']);
      expect(performance.now() - begun).toBeGreaterThan(55);
    });

    given('delay', 'counts')('holds back messages that are put with a delay', async () => {
      const { queue } = await opened();
      const begun = performance.now();
      await queue.put(messages(['later 1', 'later 2', 'later 3']), { ...plain, delayMs: 2000 });
      await queue.put(messages(['now']), plain);
      const first = await queue.take(request);
      expect(textsOf(first)).toEqual(['now']);
      await first?.acknowledge();
      expect(inOrder(await drain(queue, { count: 2 }))).toEqual(['later 1', 'later 2', 'later 3']);
      expect(performance.now() - begun).toBeGreaterThan(1990);
    });

    given('batches', 'counts')('gives no message to two takers', async () => {
      const { address, queue } = await opened();
      const other = await openAt(address);
      await queue.put(messages(numbered(20)), plain);
      const batches = [await queue.take(request), await other.take(request)];
      expect(batches.flatMap((batch) => textsOf(batch)).toSorted()).toEqual(numbered(20).toSorted());
      const third = other.take(request);
      await batches[0]?.acknowledge();
      await batches[1]?.acknowledge();
      expect(await third).toBeUndefined();
    });

    given('counts', 'unkeyed')('lets several calls of one process wait', async () => {
      const { queue } = await opened();
      const waiting = Array.from({ length: 4 }, () =>
        queue.take({ ...request, count: 1, endsWhenEmpty: false }),
      );
      await queue.put(messages(numbered(4)), plain);
      const batches = await Promise.all(waiting);
      expect(batches.flatMap((batch) => textsOf(batch)).toSorted()).toEqual(numbered(4));
      await Promise.all(batches.map((batch) => batch?.acknowledge()));
      expect(await queue.take(request)).toBeUndefined();
    });

    given('batches')('holds back nothing for a failing batch without keys', async () => {
      const { queue } = await opened();
      await queue.put(messages(numbered(4)), plain);
      await (await queue.take({ ...request, count: 2 }))?.giveBack({ ...again, delayMs: 60_000 });
      expect(textsOf(await queue.take(request))).toEqual(['m2', 'm3']);
    });

    given(
      'keys',
      'counts',
      'sequence',
    )('holds back the partition of a failing batch with keys, and no other', async () => {
      const { queue } = await opened(8);
      const keys = numbered(20, 'key');
      for (const key of keys) await queue.put(messages([`${key} 1`, `${key} 2`], key), plain);
      const failing = await queue.take({ ...request, count: 1 });
      const key = failing?.messages[0]?.key;
      const partition = failing?.partition;
      await failing?.giveBack({ ...again, delayMs: 2000 });
      const others = [];
      for (;;) {
        const batch = await queue.take({ ...request, count: 3 });
        if (batch === undefined) break;
        others.push({ partition: batch.partition, texts: textsOf(batch) ?? [] });
        await batch.acknowledge();
      }
      const own = others.findIndex((batch) => batch.partition === partition);
      expect(others.slice(own).map((batch) => batch.partition)).toEqual(
        others.slice(own).map(() => partition),
      );
      expect(own).toBeGreaterThan(0);
      expect(others[own]?.texts).toEqual([`${key} 1`]);
      const texts = others.flatMap((batch) => batch.texts);
      for (const each of keys) expect(texts.indexOf(`${each} 1`)).toBeLessThan(texts.indexOf(`${each} 2`));
      expect(texts.length).toBe(40);
    });

    given(
      'keys',
      'batches',
      'counts',
    )('has one batch of a partition with keys out, also of its halves', async () => {
      const { address, queue } = await opened();
      const other = await openAt(address);
      await queue.put(messages(numbered(8), 'key'), plain);
      const batch = await queue.take({ ...request, count: 4 });
      expect(batch?.partition).toBeGreaterThan(0);
      const waiting = other.take(request);
      await batch?.halve(1);
      const half = await waiting;
      expect(textsOf(half)).toEqual(['m0', 'm1']);
      const rest = drain(queue);
      await half?.acknowledge();
      expect(await rest).toEqual(numbered(8).slice(2));
    });

    given('counts')('halves a batch until one message stands alone, in their order', async () => {
      const { queue } = await opened();
      await queue.put(messages(numbered(5)), plain);
      await (await queue.take(request))?.halve(7);
      const sizes = [];
      const texts = [];
      for (;;) {
        const batch = await queue.take(request);
        if (batch === undefined) break;
        expect(batch.tries).toBe(7);
        sizes.push(batch.messages.length);
        if (batch.messages.length > 1) await batch.halve(batch.tries);
        else {
          texts.push(...(textsOf(batch) ?? []));
          await expect(batch.halve(0)).rejects.toThrow(RangeError);
          await batch.acknowledge();
        }
      }
      expect(inOrder(texts)).toEqual(numbered(5));
      expect(sizes.length).toBe(8);
    });

    given(
      'keys',
      'stats',
      'counts',
    )('buries a message with its key, headers, first time, tries, status and last words', async () => {
      const { address, queue } = await opened();
      await queue.put([{ body: Buffer.from('bad'), key: 'k', headers: { a: 'b' } }], plain);
      await queue.put([{ body: Buffer.from('good'), key: 'k' }], plain);
      const batch = await queue.take({ ...request, count: 2 });
      await expect(batch?.bury({ tries: 5, status: 65, stderr: '' })).rejects.toThrow(RangeError);
      await batch?.halve(5);
      const bad = await queue.take(request);
      const time = bad?.messages[0]?.time ?? 0;
      await bad?.bury({ tries: 5, status: 65, stderr: 'no such "field"\n' });
      expect(await drain(queue)).toEqual(['good']);
      const dead = await openAt(deadOf(address));
      const letter = await dead.take(request);
      expect(textsOf(letter)).toEqual(['bad']);
      const { key, headers } = letter?.messages[0] ?? {};
      expect(key).toBe('k');
      expect(headers).toEqual({
        a: 'b',
        'dead-group': 'default',
        ...(can('sequence') ? { 'dead-sequence': '0' } : { 'dead-id': expect.any(String) }),
        'dead-time': new Date(time).toISOString().replace('.000Z', 'Z'),
        'dead-tries': '5',
        'dead-status': '65',
        'dead-stderr': 'no such "field"\n',
      });
      expect((await queue.stats()).reduce((sum, row) => sum + row.dead, 0)).toBe(1);
      await letter?.acknowledge();
      expect(await dead.take(request)).toBeUndefined();
      expect((await queue.stats()).reduce((sum, row) => sum + row.dead, 0)).toBe(0);
    });

    given('groups', 'counts')('gives each group all messages', async () => {
      const { queue } = await opened();
      await queue.put(messages(numbered(3)), plain);
      const first = await queue.take({ ...request, group: 'a', count: 2 });
      expect(await drain(queue, { group: 'b' })).toEqual(numbered(3));
      await first?.giveBack(again);
      expect(await drain(queue, { group: 'a' })).toEqual(numbered(3));
    });

    given(
      'groups',
      'positions',
      'counts',
    )('starts a new group at the beginning, the end or a time, and an old one where it was', async () => {
      const address = await newAddress();
      let now = 1_000_000;
      const queue = await openAt(address, () => now);
      for (const text of ['a', 'b', 'c']) {
        await queue.put(messages([text]), plain);
        now += 1000;
      }
      // Kept until every group has taken them.
      await queue.seek('keeper', 'beginning');
      expect(await drain(queue, { group: 'new', from: 'end' })).toEqual([]);
      await queue.put(messages(['d']), plain);
      expect(await drain(queue, { group: 'new', from: 'beginning' })).toEqual(['d']);
      expect(await drain(queue, { group: 'time', from: { time: 1_001_000 } })).toEqual(['b', 'c', 'd']);
      expect(await drain(queue, { group: 'begin', from: 'beginning' })).toEqual(['a', 'b', 'c', 'd']);
    });

    given('positions', 'counts')('moves a group that nobody uses', async () => {
      const address = await newAddress();
      let now = 1_000_000;
      const queue = await openAt(address, () => now);
      for (const text of ['a', 'b', 'c']) {
        await queue.put(messages([text]), plain);
        now += 1000;
      }
      // Kept until every group has taken them.
      await queue.seek('keeper', 'beginning');
      expect(await drain(queue)).toEqual(['a', 'b', 'c']);
      await queue.seek('default', 'beginning');
      const batch = await queue.take({ ...request, count: 1 });
      await expect(queue.seek('default', 'end')).rejects.toMatchObject({ status: 75 });
      await batch?.giveBack(again);
      await queue.seek('default', { time: 1_000_001 });
      expect(await drain(queue)).toEqual(['b', 'c']);
      await queue.seek('default', 'beginning');
      await queue.seek('default', 'end');
      expect(await drain(queue)).toEqual([]);
    });

    given(
      'ids',
      'counts',
      'sequence',
    )('puts no message again whose id is one of the last', async () => {
      const { address, queue } = await opened();
      const put = (ids: string[], by = queue) =>
        by.put(
          ids.map((id) => ({ body: Buffer.from(id), id })),
          { delayMs: 0, remember: 3 },
        );
      expect(await put(['a', 'b', 'a'])).toEqual({ stored: 2, repeated: 1 });
      expect(await put(['c', 'a'], await openAt(address))).toEqual({ stored: 1, repeated: 1 });
      expect(await put(['d'])).toEqual({ stored: 1, repeated: 0 });
      expect(await put(['b', 'a'])).toEqual({ stored: 1, repeated: 1 });
      expect(await drain(queue)).toEqual(['a', 'b', 'c', 'd', 'a']);
    });

    given(
      'peek',
      'stats',
      'batches',
    )('tells numbers, and shows messages without taking them', async () => {
      const { queue } = await opened();
      await queue.put(messages(numbered(10)), plain);
      const sums = async () => {
        const rows = (await queue.stats()).filter(({ partition }) => partition === 0);
        return rows.map(({ group, ready, leased, delayed, next, end }) => [
          ...[group, ready, leased, delayed, next, end],
        ]);
      };
      const peeked = async (group: string | undefined) => {
        const texts = [];
        for await (const { message } of queue.peek?.(group) ?? []) texts.push(message.body.toString());
        return texts;
      };
      expect(await sums()).toEqual([['', 10, 0, 0, 0, 10]]);
      expect(await peeked('default')).toEqual(numbered(10));
      const [one, two] = [
        await queue.take({ ...request, count: 2 }),
        await queue.take({ ...request, count: 3 }),
      ];
      expect(await sums()).toEqual([['default', 5, 5, 0, 5, 10]]);
      await two?.giveBack({ ...again, delayMs: 60_000 });
      expect(await sums()).toEqual([['default', 5, 2, 3, 5, 10]]);
      await one?.acknowledge();
      expect(await sums()).toEqual([['default', 5, 0, 3, 5, 10]]);
      expect(await peeked('default')).toEqual(numbered(10).slice(2));
      const oldest = (await queue.stats()).find(({ partition }) => partition === 0)?.oldest ?? 0;
      expect(Date.now() - oldest).toBeLessThan(60_000);
    });

    given('batches')('keeps a batch of a taker that is closed, and its messages after it', async () => {
      const { address, queue } = await opened();
      const first = await openAt(address);
      await first.put(messages(numbered(4)), plain);
      await first.take({ ...request, count: 3 });
      await first.close();
      const batch = await queue.take(request);
      expect([textsOf(batch), batch?.tries]).toEqual([['m0', 'm1', 'm2'], 0]);
    });

    given('batches')('returns the batch of a taker that was killed at once', async () => {
      const { address, queue } = await opened();
      const taker = await inProcess(address);
      await taker.tell({ put: numbered(4) });
      expect(await taker.tell({ take: 3 })).toEqual(['m0', 'm1', 'm2']);
      const rest = await queue.take({ ...request, count: 1 });
      expect(textsOf(rest)).toEqual(['m3']);
      await rest?.acknowledge();
      const waiting = queue.take({ ...request, count: 1 });
      await taker.kill();
      expect(textsOf(await waiting)).toEqual(['m0', 'm1', 'm2']);
    });

    given('leases')('keeps a batch out while the command of a killed taker lives', async () => {
      const { address, queue } = await opened();
      const taker = await inProcess(address);
      await taker.tell({ put: ['a'] });
      await taker.tell({ take: 1 });
      const pid = Number(await taker.tell({ run: 'sleep 100' }));
      await taker.kill();
      const stop = new AbortController();
      const waiting = queue.take({ ...request, endsWhenEmpty: true });
      const none = queue.take({ ...request, endsWhenEmpty: false, signal: stop.signal });
      const isOut = await Promise.race([waiting, none, Promise.resolve('out')]);
      expect(isOut).toBe('out');
      expect((await queue.stats()).find(({ partition }) => partition === 0)).toMatchObject({ leased: 1 });
      stop.abort();
      expect(await none).toBeUndefined();
      process.kill(-pid, 'SIGKILL');
      expect(textsOf(await waiting)).toEqual(['a']);
    });

    given('leases')('goes by the end that was seen, not by what a command left behind', async () => {
      const { address, queue } = await opened();
      const taker = await inProcess(address);
      await taker.tell({ put: ['a'] });
      await taker.tell({ take: 1 });
      const pid = Number(await taker.tell({ run: 'sleep 100' }));
      await taker.tell({ do: 'giveBack' });
      expect(textsOf(await queue.take(request))).toEqual(['a']);
      process.kill(-pid, 'SIGKILL');
    });

    if (can('batches')) modelTest(newAddress);
  });
}
