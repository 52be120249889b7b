import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { allAbilities } from '../../../src/queues/abilities.ts';
import type { Shape } from '../../../src/queues/driver.ts';
import { dropQueue, makeQueue, openQueue, parseQueueAddress } from '../../../src/queues/open.ts';
import type { Queue } from '../../../src/queues/queue.ts';
import { privateFolder } from '../../harness.ts';
import { sized } from '../../thorough.ts';
import { drain, messages, numbered, plain, queueContract, request, textsOf } from '../contract.ts';
import { inProcess } from '../queue-process.ts';

queueContract('file', {
  address: async () => join(await privateFolder(), 'a.queue'),
  deadOf: (address) => `${address}#dead`,
  abilities: allAbilities,
});

const { signal } = new AbortController();
const asItIs: Shape = { partitions: undefined, replication: undefined, keep: undefined, maxBytes: undefined };

function settings({ waitMs = 10_000, now = () => Date.now() } = {}) {
  return { waitMs, signal, now, env: {}, warn() {}, explain() {} };
}

/** A queue at a path in a folder of its own, as yet without a file. */
async function opened(options?: Parameters<typeof settings>[0]) {
  const folder = await privateFolder();
  const path = join(folder, 'a.queue');
  const queue = await openAt(path, options);
  return { folder, path, queue };
}

async function openAt(path: string, options?: Parameters<typeof settings>[0]): Promise<Queue> {
  const queue = await openQueue(path, settings(options));
  onTestFinished(() => queue.close());
  return queue;
}

async function peeked(queue: Queue): Promise<string[]> {
  const texts = [];
  for await (const { message } of queue.peek?.(undefined) ?? []) texts.push(message.body.toString());
  return texts;
}

describe('a file that is missing', () => {
  it('is made by a put, and by nothing else', async () => {
    const { folder, path, queue } = await opened();
    expect(await queue.take(request)).toBeUndefined();
    const missing = { status: 66, message: `${path}: no such queue` };
    await expect(queue.stats()).rejects.toMatchObject(missing);
    await expect(peeked(queue)).rejects.toMatchObject(missing);
    await expect(queue.seek('default', 'end')).rejects.toMatchObject(missing);
    expect(await dropQueue(path, settings())).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    await queue.put(messages(['a']), plain);
    expect(await peeked(queue)).toEqual(['a']);
  });

  it('is made once by many putters', { tags: 'sized' }, async () => {
    for (let round = 0; round < sized(3, 15); round++) {
      const { path, queue } = await opened();
      const putters = await Promise.all(numbered(4).map(() => inProcess(path)));
      const answers = await Promise.all(putters.map((putter, at) => putter.tell({ put: [`m${at}`] })));
      expect(answers).toEqual(putters.map(() => ({ stored: 1, repeated: 0 })));
      expect((await drain(queue)).toSorted()).toEqual(numbered(4));
    }
  });

  it('is waited for by a taker that starts at the end, which misses nothing', async () => {
    const { path, queue } = await opened();
    const taken = queue.take({ ...request, from: 'end', endsWhenEmpty: false });
    await (await openAt(path)).put(messages(['a']), plain);
    expect(textsOf(await taken)).toEqual(['a']);
  });

  it('is empty at first', async () => {
    const { path, queue } = await opened();
    writeFileSync(path, '');
    await expect(queue.stats()).rejects.toMatchObject({ status: 66 });
    expect(statSync(path).size).toBe(0);
    await queue.put(messages(['a']), plain);
    expect(await drain(queue)).toEqual(['a']);
  });
});

describe('a file of another program', () => {
  const foreign = {
    text: (path: string) =>
      writeFileSync(path, 'a text that is longer than a header of SQLite. '.repeat(100)),
    database: (path: string) => {
      const database = new DatabaseSync(path);
      database.exec('CREATE TABLE t (a)');
      database.close();
    },
    'later version': (path: string) => {
      const database = new DatabaseSync(path);
      database.exec(`PRAGMA application_id = ${0x65746c71}; PRAGMA user_version = 2; CREATE TABLE t (a)`);
      database.close();
    },
  };

  it.each(Object.entries(foreign))('is left alone: %s', async (_, make) => {
    const { folder, path, queue } = await opened();
    make(path);
    const before = readFileSync(path);
    const refused = { status: 78, message: expect.stringContaining(path) };
    await expect(queue.put(messages(['a']), plain)).rejects.toMatchObject({ ...refused, stored: 0 });
    await expect(queue.take(request)).rejects.toMatchObject(refused);
    await expect(queue.stats()).rejects.toMatchObject(refused);
    await expect(makeQueue(path, asItIs, settings())).rejects.toMatchObject(refused);
    await expect(dropQueue(path, settings())).rejects.toMatchObject(refused);
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(['a.queue']);
  });
});

describe('the shape of a file', () => {
  it('is that with which it was made', async () => {
    const { path, queue } = await opened();
    const shape = { ...asItIs, partitions: 3, keep: { ms: 1000 }, maxBytes: 1e6 };
    await makeQueue(path, shape, settings());
    await makeQueue(path, shape, settings());
    await makeQueue(path, { ...asItIs, partitions: 3, replication: 1 }, settings());
    const others = [{ partitions: 8 }, { keep: { bytes: 1000 } }, { maxBytes: 5 }];
    for (const other of others)
      await expect(makeQueue(path, { ...asItIs, ...other }, settings())).rejects.toMatchObject({
        status: 65,
        message: `${path}: has another shape: 3 partitions, keep 1000 ms, max 1000000 bytes`,
      });
    for (const key of numbered(50)) await queue.put(messages([key], key), plain);
    const used = (await queue.stats()).filter(({ end = 0 }) => end > 0).map(({ partition }) => partition);
    expect(used).toEqual([1, 2, 3]);
  });

  it('has limits', async () => {
    const { path } = await opened();
    for (const wrong of [{ partitions: 0 }, { partitions: 1001 }, { replication: 3 }])
      await expect(makeQueue(path, { ...asItIs, ...wrong }, settings())).rejects.toMatchObject({
        status: 64,
      });
    await expect(makeQueue(`${path}#dead`, asItIs, settings())).rejects.toMatchObject({ status: 64 });
    expect(existsSync(path)).toBe(false);
    expect(() => parseQueueAddress('carrier-pigeon://loft')).toThrow('unknown queue');
  });

  it('may let a full queue wait for takers, and then fail', async () => {
    const { path, queue } = await opened({ waitMs: 80 });
    await makeQueue(path, { ...asItIs, maxBytes: 10 }, settings());
    const put = queue.put(messages(['aaaa', 'bbbb', 'cccc', 'dddd']), plain);
    await expect(put).rejects.toMatchObject({
      status: 75,
      stored: 2,
      message: `${path}: full (--max-bytes)`,
    });
    const patient = await openAt(path);
    const waiting = patient.put(messages(['cccc', 'dddd']), plain);
    expect(await drain(queue, { count: 1 })).toEqual(expect.arrayContaining(['aaaa', 'bbbb']));
    expect(await waiting).toEqual({ stored: 2, repeated: 0 });
    await drain(queue);
    // An empty queue takes a message of any size.
    await queue.put(messages(['a message of more than ten bytes']), plain);
  });

  it('may keep what was taken for a time', async () => {
    let now = 1e9;
    const { path, queue } = await opened({ now: () => now });
    await makeQueue(path, { ...asItIs, keep: { ms: 1000 } }, settings());
    for (const text of ['a', 'b', 'c']) {
      await queue.put(messages([text]), plain);
      await drain(queue);
      now += 600;
    }
    expect(await peeked(queue)).toEqual(['b', 'c']);
    expect(await drain(queue, { group: 'other' })).toEqual(['b', 'c']);
  });

  it('may keep some bytes of what was taken, while there is room', async () => {
    const { path, queue } = await opened();
    await makeQueue(path, { ...asItIs, keep: { bytes: 8 }, maxBytes: 16 }, settings());
    for (const text of ['aaaa', 'bbbb', 'cccc', 'dddd']) {
      await queue.put(messages([text]), plain);
      await drain(queue);
    }
    expect(await peeked(queue)).toEqual(['cccc', 'dddd']);
    await queue.put(messages(['eeee', 'ffff', 'gggg']), plain);
    expect(await peeked(queue)).toEqual(['eeee', 'ffff', 'gggg']);
  });
});

describe('a file that is dropped, removed or replaced', () => {
  it('is gone with all files beside it', async () => {
    const { folder, path, queue } = await opened();
    await queue.put(messages(numbered(3)), plain);
    const batch = await queue.take(request);
    await expect(dropQueue(path, settings())).rejects.toMatchObject({ status: 75 });
    await batch?.giveBack({ delayMs: 0, tries: 0, delays: 0 });
    expect(await dropQueue(path, settings())).toBe(true);
    await queue.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is no longer the queue', async () => {
    const { path, queue } = await opened();
    await queue.put(messages(['old']), plain);
    const batch = await queue.take(request);
    rmSync(path);
    await queue.put(messages(['new']), plain);
    await expect(batch?.acknowledge()).rejects.toMatchObject({
      status: 75,
      message: `${path}: message 0: its lease was lost`,
    });
    expect(await drain(queue)).toEqual(['new']);
    const other = await openAt(`${path}.other`);
    await other.put(messages(['from elsewhere']), plain);
    await other.close();
    renameSync(`${path}.other`, path);
    expect(await drain(queue)).toEqual(['from elsewhere']);
  });
});

describe('messages that are taken loosely', () => {
  it.each([undefined, 'key'])('and given back are cut anew, in their order (key %s)', async (key) => {
    const { queue } = await opened();
    await queue.put(messages(['a', 'b', 'c', 'd', 'e'], key), plain);
    const loose = await queue.take({ ...request, count: 4, isLoose: true });
    expect(loose?.messages.length).toBe(4);
    await loose?.giveBack({ delayMs: 0, tries: 0, delays: 0 });
    const taken: (number | undefined)[] = [];
    for (const count of [3, 3, 3]) {
      const batch = await queue.take({ ...request, count });
      taken.push(...(batch?.messages.map(({ sequence }) => sequence) ?? []), -1);
      await batch?.acknowledge();
    }
    expect(taken).toEqual([0, 1, 2, -1, 3, -1, 4, -1]);
  });

  it('but were a batch before stay one', async () => {
    const { queue } = await opened();
    await queue.put(messages(['a', 'b', 'c']), plain);
    await (await queue.take({ ...request, count: 2 }))?.giveBack({ delayMs: 0, tries: 1, delays: 0 });
    const loose = await queue.take({ ...request, count: 1, isLoose: true });
    await loose?.giveBack({ delayMs: 0, tries: 1, delays: 0 });
    expect((await queue.take({ ...request, count: 1 }))?.messages.length).toBe(2);
  });
});

describe('a clock that is set', () => {
  it('back holds no message longer than its delay', async () => {
    let now = 1e12;
    const { queue } = await opened({ now: () => now });
    await queue.put(messages(['keyed 1', 'keyed 2'], 'key'), { ...plain, delayMs: 20 });
    await queue.put(messages(['plain']), { ...plain, delayMs: 20 });
    await queue.put(messages(['returned']), plain);
    await (await queue.take(request))?.giveBack({ delayMs: 20, tries: 0, delays: 0 });
    now -= 1e10;
    const begun = performance.now();
    const started = now;
    const ticking = setInterval(() => {
      now = started + Math.floor(performance.now() - begun);
    }, 5);
    onTestFinished(() => clearInterval(ticking));
    const texts = await drain(queue);
    expect(texts.toSorted()).toEqual(['keyed 1', 'keyed 2', 'plain', 'returned']);
    expect(performance.now() - begun).toBeGreaterThan(15);
  });

  it('forward or back changes no order, and no lease', async () => {
    let now = 1e12;
    const { queue } = await opened({ now: () => now });
    for (const [at, jump] of [0, -1e9, 1e10, -1e11].entries()) {
      now += jump;
      await queue.put(messages([`k${at}`], 'key'), plain);
      await queue.put(messages([`m${at}`]), plain);
    }
    const out = await queue.take({ ...request, count: 1 });
    now += 1e11;
    const rest = drain(queue);
    await out?.acknowledge();
    const texts = [...(textsOf(out) ?? []), ...(await rest)];
    expect(texts.filter((text) => text.startsWith('k'))).toEqual(['k0', 'k1', 'k2', 'k3']);
    expect(texts.filter((text) => text.startsWith('m'))).toEqual(['m0', 'm1', 'm2', 'm3']);
  });
});

describe('the file', () => {
  it('can be read with sqlite3: messages one by one, tables that say what they are', async () => {
    const { path, queue } = await opened({ now: () => Date.parse('2026-11-21T10:04:00Z') });
    await queue.put(
      [...messages(['ä1', '', '3'], 'k"1'), { body: Buffer.from('no key'), headers: { a: 'b' } }],
      plain,
    );
    const database = new DatabaseSync(path, { readOnly: true });
    onTestFinished(() => database.close());
    const rows = database.prepare('SELECT * FROM message ORDER BY partition DESC, sequence').all();
    const partition = rows[0]?.partition;
    const time = '2026-11-21T10:04:00.000Z';
    expect(rows.map((row: object) => ({ ...row }))).toEqual([
      { dead: 0, partition, sequence: 0, time, key: 'k"1', headers: null, body: 'ä1' },
      { dead: 0, partition, sequence: 1, time, key: 'k"1', headers: null, body: '' },
      { dead: 0, partition, sequence: 2, time, key: 'k"1', headers: null, body: '3' },
      { dead: 0, partition: 0, sequence: 0, time, key: null, headers: '{"a":"b"}', body: 'no key' },
    ]);
    const { sql } = database.prepare("SELECT sql FROM sqlite_schema WHERE name = 'range'").get();
    expect(sql).toContain('-- Messages before a group');
    expect(database.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
  });

  it('may be edited by hand: what was deleted is gone', async () => {
    const { path, queue } = await opened();
    for (const text of ['a', 'b', 'c']) await queue.put(messages([text]), plain);
    const database = new DatabaseSync(path);
    database.exec('DELETE FROM block WHERE first < 2');
    database.close();
    expect(await drain(queue, { count: 1 })).toEqual(['c']);
  });

  it('stays small, however many messages go through it', { tags: 'sized' }, async () => {
    const { path, queue } = await opened();
    const lines = messages(numbered(1000).map((text) => text.padEnd(170, '.')));
    let largest = 0;
    for (let round = 0; round < sized(60, 600); round++) {
      await queue.put(lines, plain);
      if (round > 0) await drainOne(queue);
      if (round % 10 === 0) largest = Math.max(largest, statSync(path).size + statSync(`${path}-wal`).size);
    }
    expect(largest).toBeLessThan(32e6);
  });

  it('shrinks after it was large', async () => {
    const { path, queue } = await opened();
    const large = messages(numbered(20).map((text) => text.padEnd(1_000_000, '.')));
    for (let round = 0; round < 2; round++) await queue.put(large, plain);
    await drain(queue, { count: 1, bytes: 1e9 });
    for (let round = 0; round < 40; round++) {
      await queue.put(messages(['x']), plain);
      await drain(queue);
    }
    await queue.close();
    expect(statSync(path).size).toBeLessThan(30e6);
  });

  it('leaves nothing beside it', async () => {
    const { folder, path, queue } = await opened();
    await queue.put(messages(numbered(6)), plain);
    const taker = await inProcess(path);
    await taker.tell({ take: 2 });
    await taker.kill();
    expect(readdirSync(folder).filter((name) => name.includes('lease')).length).toBe(1);
    await drain(queue);
    expect(readdirSync(folder).filter((name) => name.includes('lease'))).toEqual([]);
  });

  it('is full: says how many messages are stored, and stays readable', async () => {
    const { path, queue } = await opened();
    await queue.put(messages(['before']), plain);
    const child = await inProcess(path, 'ulimit -f 300;');
    const texts = numbered(400).map((text) => text.padEnd(1000, '.'));
    const stored = [];
    for (let at = 0; at < 400; at += 40) stored.push(await child.tell({ put: texts.slice(at, at + 40) }));
    const failed = stored.findIndex(
      (answer) => typeof answer === 'object' && answer !== null && 'status' in answer,
    );
    expect(stored[failed]).toMatchObject({ status: 74, stored: 0 });
    expect(failed).toBeGreaterThan(0);
    const left = await peeked(queue);
    expect(left.slice(0, 1 + 40 * failed)).toEqual(['before', ...texts.slice(0, 40 * failed)]);
    expect(await drain(queue, { count: 100 })).toEqual(left);
  });

  it('is busy: a put waits, and then fails with 75', async () => {
    const { path, queue } = await opened({ waitMs: 50 });
    await queue.put(messages(['a']), plain);
    const other = new DatabaseSync(path);
    onTestFinished(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    await expect(queue.put(messages(['b']), plain)).rejects.toMatchObject({ status: 75, stored: 0 });
    expect(await peeked(queue)).toEqual(['a']);
    const patient = await openAt(path);
    const put = patient.put(messages(['c']), plain);
    other.exec('ROLLBACK');
    expect(await put).toEqual({ stored: 1, repeated: 0 });
  });

  it('gives messages whose delay is over in full batches', async () => {
    let now = 1e12;
    const { queue } = await opened({ now: () => now });
    for (const text of numbered(6)) await queue.put(messages([text]), { ...plain, delayMs: 100 });
    now += 100;
    const batch = await queue.take({ ...request, count: 4, lingerMs: 60_000 });
    expect(textsOf(batch)).toEqual(['m0', 'm1', 'm2', 'm3']);
  });

  it('does in one transaction what is asked for in the same turn', async () => {
    const { path, queue } = await opened();
    await queue.put(messages(numbered(4)), plain);
    let batch = await queue.take({ ...request, count: 2 });
    const other = new DatabaseSync(path);
    onTestFinished(() => other.close());
    const version = () => other.prepare('PRAGMA data_version').get().data_version;
    const before = version();
    [, batch] = await Promise.all([batch?.acknowledge(), queue.take({ ...request, count: 2 })]);
    expect(textsOf(batch)).toEqual(['m2', 'm3']);
    expect(version()).toBe(before + 1);
  });
});

describe('takers that are killed', () => {
  it('lose no message, and give none to two at once, whenever they die', { tags: 'sized' }, async () => {
    const { folder, path, queue } = await opened();
    const log = join(folder, 'log');
    const keys = [undefined, 'a', 'b', 'c'];
    const texts = Array.from({ length: sized(160, 2000) }, (_, at) => `${keys[at % 4] ?? 'none'}:${at}`);
    for (const [at, text] of texts.entries()) await queue.put(messages([text], keys[at % 4]), plain);
    let isEmpty = false;
    let kills = 0;
    const workers = async () => {
      while (!isEmpty) {
        const worker = await inProcess(path);
        await worker.tell({ put: [] });
        const end = worker.tell({ work: log }).then(
          (answer) => answer === 'empty',
          () => false,
        );
        const limit = kills < sized(8, 100) ? Math.random() * 60 : 60_000;
        const killer = setTimeout(() => {
          kills++;
          appendFileSync(log, `kill - ${worker.pid}\n`);
          void worker.kill();
        }, limit);
        if (await end) isEmpty = true;
        clearTimeout(killer);
      }
    };
    await Promise.all([workers(), workers(), workers()]);
    expect(await queue.take(request)).toBeUndefined();
    check(readFileSync(log, 'utf8').trimEnd().split('\n'), texts);
  });
});

/** @throws when the log shows a message in two hands, after its end, before an earlier one of its key, or not at all */
function check(log: readonly string[], texts: readonly string[]): void {
  const holders = new Map<string, string>();
  const done = new Set<string>();
  const killed = new Set<string>();
  for (const line of log) {
    const [what = '', text = '', pid = ''] = line.split(' ');
    if (what === 'kill') killed.add(pid);
    if (what === 'end') holders.delete(text);
    if (what === 'done') done.add(text);
    if (what !== 'take') continue;
    const holder = holders.get(text);
    // A done message comes again only when its taker was killed before it was acknowledged.
    if (holder !== undefined && !killed.has(holder)) throw new Error(`${text} is in two hands: ${line}`);
    holders.set(text, pid);
    const [key = ''] = text.split(':');
    const before = key === 'none' ? [] : texts.slice(0, texts.indexOf(text));
    const skipped = before.find(
      (other) => other.startsWith(`${key}:`) && !done.has(other) && holders.get(other) !== pid,
    );
    if (skipped !== undefined) throw new Error(`${text} comes before ${skipped}`);
  }
  expect([...done].toSorted()).toEqual(texts.toSorted());
}

async function drainOne(queue: Queue): Promise<void> {
  const batch = await queue.take({ ...request, count: 1000 });
  await batch?.acknowledge();
}
