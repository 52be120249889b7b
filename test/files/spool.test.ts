import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure, status } from '../../src/failure.ts';
import { Busy, openLocked } from '../../src/files/lock.ts';
import { type Refusal, Spool } from '../../src/files/spool.ts';
import { privateFolder } from '../harness.ts';

const NOW = Date.parse('2026-11-21T10:04:00.123Z');

async function opened() {
  const folder = join(await privateFolder(), 'a', 'spool');
  const clock = { now: NOW };
  const spool = new Spool(folder, { waitMs: 50 }, () => clock.now);
  const texts: string[] = [];
  const refused: string[] = [];
  const deliver = async (path: string): Promise<Refusal | undefined> => {
    texts.push(await readFile(path, 'utf8'));
    return undefined;
  };
  const drain = (by = deliver) => spool.drain(by, (path) => refused.push(path));
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
      return deliver(path);
    };
    await expect(drain(once)).rejects.toBe(failure);
    expect(await names()).toHaveLength(2);
    await drain();
    expect(texts).toEqual(['one', 'two', 'three']);
  });

  it('puts aside what is refused, whole or in part, and goes on', async () => {
    const { folder, spool, drain, names, deliver, texts, refused } = await opened();
    for (const text of ['bad', 'half bad', 'good']) await spool.keep(text);
    const [whole = '', part = ''] = (await names()).sort().map((name) => join(folder, name));
    await drain(async (path) => {
      const text = await readFile(path, 'utf8');
      if (text === 'bad') return { text: undefined };
      await deliver(path);
      return text === 'half bad' ? { text: 'half' } : undefined;
    });
    expect(texts).toEqual(['half bad', 'good']);
    expect(refused).toEqual([`${whole}.refused`, `${part}.refused`]);
    expect((await names()).sort().map((name) => join(folder, name))).toEqual(refused);
    expect(await readFile(`${whole}.refused`, 'utf8')).toBe('bad');
    expect(await readFile(`${part}.refused`, 'utf8')).toBe('half');
  });

  it('delivers again what is renamed back', async () => {
    const { spool, drain, texts } = await opened();
    const aside = await spool.putAside('bad');
    await drain();
    expect(texts).toEqual([]);
    await rename(aside, aside.replace(/\.refused$/, ''));
    await drain();
    expect(texts).toEqual(['bad']);
  });

  it('says once a day that files are put aside', async () => {
    const { folder, spool, clock, names } = await opened();
    expect(await spool.aside()).toEqual({ files: 0, isDue: false });
    const aside = await spool.putAside('bad');
    expect(await spool.aside()).toEqual({ files: 1, isDue: false });
    clock.now += 24 * 3600 * 1000;
    expect(await spool.aside()).toEqual({ files: 1, isDue: true });
    expect(await spool.aside()).toEqual({ files: 1, isDue: false });
    clock.now -= 48 * 3600 * 1000;
    expect(await spool.aside()).toEqual({ files: 1, isDue: true });
    await rename(aside, join(folder, 'elsewhere'));
    expect(await spool.aside()).toEqual({ files: 0, isDue: false });
    expect([await names(), await readdir(folder)]).toEqual([['elsewhere'], ['elsewhere']]);
  });

  it('delivers what arrives meanwhile, and leaves alone what is not its own', async () => {
    const { folder, spool, drain, names, deliver, texts } = await opened();
    await spool.keep('one');
    await writeFile(join(folder, 'README.csv'), 'mine');
    await drain(async (path) => {
      if (texts.length === 0) await spool.keep('two');
      return deliver(path);
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

  it('removes that also when nothing waits', async () => {
    const { folder, drain } = await opened();
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '.2026-11-21T09-00-00.000Z-00.csv.next'), 'hal');
    await writeFile(join(folder, '.2026-11-21T09-00-00.000Z-01.csv.refused.next'), 'hal');
    await drain();
    expect(await readdir(folder)).toEqual(['.lock']);
  });

  it.each(['.lock', '.refused'])('follows no link at %s', async (name) => {
    const { folder, spool, drain, texts } = await opened();
    const precious = join(folder, '..', 'precious');
    await spool.keep('one');
    await symlink(precious, join(folder, name));
    if (name === '.lock')
      await expect(drain()).rejects.toMatchObject({
        status: 74,
        message: `${folder}/.lock: too many levels of symbolic links`,
      });
    else await spool.putAside('bad');
    expect(texts).toEqual([]);
    await expect(readFile(precious)).rejects.toThrow('ENOENT');
  });

  it('fails (74) where it cannot keep', async () => {
    const folder = join(await privateFolder(), 'file');
    await writeFile(folder, '');
    const spool = new Spool(folder, { waitMs: 0 }, () => NOW);
    await expect(spool.keep('one')).rejects.toMatchObject({ status: 74 });
    await expect(
      spool.drain(
        async () => undefined,
        () => {},
      ),
    ).rejects.toMatchObject({ status: 74 });
  });
});
