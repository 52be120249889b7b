import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure, status } from '../../src/failure.ts';
import { Busy, openLocked } from '../../src/files/lock.ts';
import { Spool } from '../../src/files/spool.ts';
import { privateFolder } from '../harness.ts';

const NOW = Date.parse('2026-11-21T10:04:00.123Z');

async function opened() {
  const folder = join(await privateFolder(), 'a', 'spool');
  const clock = { now: NOW };
  const spool = new Spool(folder, { waitMs: 50 }, () => clock.now);
  const texts: string[] = [];
  const refused: string[] = [];
  const deliver = async (path: string) => {
    texts.push(await readFile(path, 'utf8'));
  };
  const drain = (by = deliver) => spool.drain(by, (path, { message }) => refused.push(`${path} ${message}`));
  const names = async () => (await readdir(folder)).filter((name) => !name.startsWith('.'));
  return { folder, clock, spool, texts, refused, deliver, drain, names };
}

describe('a spool', () => {
  it('is not created before something is kept', async () => {
    const { spool, drain, folder, texts } = await opened();
    await drain();
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
    await spool.keep('one\n');
    await drain();
    expect(texts).toEqual(['one\n']);
  });

  it('names files by the time, and gives them in order', async () => {
    const { spool, drain, names, clock, texts } = await opened();
    for (const text of ['one', 'two', 'three']) await spool.keep(text);
    clock.now += 60_000;
    await spool.keep('four');
    expect((await names()).map((name) => name.replace(/[0-9a-f]{16}/, 'N'))).toEqual([
      '2026-11-21T10-04-00.123Z-N.csv',
      '2026-11-21T10-04-00.124Z-N.csv',
      '2026-11-21T10-04-00.125Z-N.csv',
      '2026-11-21T10-05-00.123Z-N.csv',
    ]);
    await drain();
    expect(texts).toEqual(['one', 'two', 'three', 'four']);
    expect(await names()).toEqual([]);
  });

  it('keeps the order when the clock is set back', async () => {
    const { spool, drain, clock, texts } = await opened();
    await spool.keep('one');
    clock.now -= 3_600_000;
    await spool.keep('two');
    await drain();
    expect(texts).toEqual(['one', 'two']);
  });

  it('keeps what was not delivered', async () => {
    const { spool, drain, names, deliver, texts } = await opened();
    for (const text of ['one', 'two', 'three']) await spool.keep(text);
    const failure = new Failure(status.temporary, 'down');
    const once = async (path: string) => {
      if (texts.length === 1) throw failure;
      await deliver(path);
    };
    await expect(drain(once)).rejects.toBe(failure);
    expect(await names()).toHaveLength(2);
    await drain();
    expect(texts).toEqual(['one', 'two', 'three']);
  });

  it('puts aside what is refused, and goes on; renamed back it waits again', async () => {
    const { folder, spool, drain, names, deliver, texts, refused } = await opened();
    const [bad] = [await spool.keep('bad'), await spool.keep('good')];
    await drain(async (path) => {
      if ((await readFile(path, 'utf8')) === 'bad') throw new Failure(status.unavailable, 'no');
      await deliver(path);
    });
    expect(texts).toEqual(['good']);
    expect(refused).toEqual([`${bad}.refused no`]);
    expect((await names()).map((name) => join(folder, name))).toEqual([`${bad}.refused`]);
  });

  it('delivers what arrives meanwhile, and leaves alone what is not its own', async () => {
    const { folder, spool, drain, names, deliver, texts } = await opened();
    await spool.keep('one');
    await writeFile(join(folder, 'README.csv'), 'mine');
    await drain(async (path) => {
      if (texts.length === 0) await spool.keep('two');
      await deliver(path);
    });
    expect(texts).toEqual(['one', 'two']);
    expect(await names()).toEqual(['README.csv']);
  });

  it('is drained by one at a time', async () => {
    const { folder, spool, drain, texts } = await opened();
    await spool.keep('one');
    const lock = await openLocked({ path: join(folder, '.lock'), name: folder, mode: 0o600 }, { waitMs: 0 });
    await expect(drain()).rejects.toThrow(Busy);
    expect(texts).toEqual([]);
    lock.close();
    await drain();
    expect(texts).toEqual(['one']);
  });

  it('removes what a killed process had begun, and nothing that is still being written', async () => {
    const { folder, spool, drain } = await opened();
    await spool.keep('one');
    const left = '.2026-11-21T09-00-00.000Z-00.csv.next';
    const writing = '.2026-11-21T09-00-00.000Z-01.csv.next';
    await writeFile(join(folder, left), 'hal');
    const lock = await openLocked({ path: join(folder, writing), name: 'x', mode: 0o600 }, { waitMs: 0 });
    await drain();
    lock.close();
    expect((await readdir(folder)).sort()).toEqual([writing, '.lock'].sort());
  });

  it('fails (74) where it cannot keep', async () => {
    const folder = join(await privateFolder(), 'file');
    await writeFile(folder, '');
    const spool = new Spool(folder, { waitMs: 0 }, () => NOW);
    await expect(spool.keep('one')).rejects.toMatchObject({ status: 74 });
    await expect(
      spool.drain(
        async () => {},
        () => {},
      ),
    ).rejects.toMatchObject({ status: 74 });
  });
});
