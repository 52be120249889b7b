import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/stores/open.ts';
import { privateFolder, run, until } from '../harness.ts';
import { sized } from '../thorough.ts';
import { csv, HEADER, hourly, statsRow } from './rows.ts';

async function stored(content: string | Buffer | undefined) {
  const cwd = await privateFolder();
  const path = join(cwd, 'stats.csv');
  if (content !== undefined) await writeFile(path, content);
  const load = (stdin: string) => run('load-stats', ['--to', 'stats.csv'], { cwd, stdin });
  return { cwd, path, load, read: () => readFile(path, 'utf8') };
}

describe('a CSV store', () => {
  it('keeps digits as they were written', async () => {
    const { load, read } = await stored(undefined);
    const input = csv(HEADER, 'attic,all,,2026-01-01T01:00:00Z,60,-0.50,21.350,20.12345678901234567890');
    await load(input);
    expect(await read()).toBe(input);
  });

  it('keeps the order of its rows and columns, and what it knows nothing of', async () => {
    const { load, read } = await stored(
      csv('note,avg,max,min,count,end,start,window,sensor', 'x,2.0,3,1,5,2026-01-01T01:00:00Z,,1h,b'),
    );
    await load(csv(`${HEADER},p95`, `${hourly('a', 0)},21.5`));
    expect(await read()).toBe(
      csv(
        'note,avg,max,min,count,end,start,window,sensor,p95',
        'x,2.0,3,1,5,2026-01-01T01:00:00Z,,1h,b,',
        ',21.125,21.75,20.5,60,2026-01-01T01:00:00Z,2026-01-01T00:00:00Z,1h,a,21.5',
      ),
    );
  });

  it('is the file that has taken its place meanwhile', async () => {
    const { cwd, path, load, read } = await stored(undefined);
    const many = Array.from({ length: sized(20_000, 100_000) }, (_, hour) => hourly('many', hour));
    await writeFile(path, csv(HEADER, ...many));
    await writeFile(join(cwd, 'new.csv'), csv(HEADER, hourly('new', 0)));
    const loading = load(csv(HEADER, hourly('attic', 0)));
    await until(() => existsSync(join(cwd, '.stats.csv.next')), 'it is locked');
    await rename(join(cwd, 'new.csv'), path);
    expect(await loading).toMatchObject({ status: 0, stderr: '' });
    expect(await read()).toBe(csv(HEADER, hourly('new', 0), hourly('attic', 0)));
  });

  it('is not written when nothing changes', async () => {
    const { load, path, cwd } = await stored(undefined);
    await load(csv(HEADER, hourly('attic', 0)));
    const { ino, mtimeMs } = await stat(path);
    await load(csv(HEADER, hourly('attic', 0)));
    await load(csv(HEADER, hourly('attic', 0, 59)));
    expect(await stat(path)).toMatchObject({ ino, mtimeMs });
    expect(await readdir(cwd)).toEqual(['stats.csv']);
  });

  it('is read with BOM, CRLF, blank lines, times of any offset and no last newline', async () => {
    const { load, read } = await stored(
      `\ufeff${HEADER}\r\n\r\nattic,all,,2026-01-01T02:00:00+01:00,5,1,3,2`,
    );
    await load(csv(HEADER, 'attic,all,,2026-01-01T01:00:00Z,6,1,4,2'));
    expect(await read()).toBe(csv(HEADER, 'attic,all,,2026-01-01T01:00:00Z,6,1,4,2'));
  });

  it('stays a symbolic link', async () => {
    const { cwd, load } = await stored(undefined);
    await mkdir(join(cwd, 'real'));
    await symlink('real/stats.csv', join(cwd, 'stats.csv'));
    await writeFile(join(cwd, 'real', 'stats.csv'), '');
    await load(csv(HEADER, hourly('attic', 0)));
    expect(await readFile(join(cwd, 'real', 'stats.csv'), 'utf8')).toBe(csv(HEADER, hourly('attic', 0)));
  });

  const good = hourly('attic', 0);
  it.each<[string, string | Buffer, string]>([
    ['other columns', csv('time,sensor,value', '1,2,3'), ':1: column "window" is missing'],
    ['a short row', csv(HEADER, good, 'attic,1h'), ':3: row has 2 fields, its header 8'],
    ['a row without a key', csv(HEADER, 'attic,1h,,soon,60,1,3,2'), ':2: end is not a time: "soon"'],
    [
      'text in count',
      csv(HEADER, 'attic,1h,,2026-01-01T01:00:00Z,x,1,3,2'),
      ':2: count is not a whole number: "x"',
    ],
    ['an open quote', csv(HEADER, good, `"${good}`), ':3: is not CSV: Quote Not Closed'],
    ['bytes that are not UTF-8', Buffer.from('\xff\xfe', 'latin1'), ': is not UTF-8'],
  ])('refuses (69) a file with %s, and leaves it alone', async (_, content, words) => {
    const { load, path } = await stored(content);
    expect(await load(csv(HEADER, good))).toMatchObject({
      status: 69,
      stderr: `load-stats: stats.csv${words}\n`,
    });
    expect(await readFile(path)).toEqual(Buffer.from(content));
  });

  it('refuses (69) a folder and a missing folder', async () => {
    const cwd = await privateFolder();
    await mkdir(join(cwd, 'folder.csv'));
    for (const [address, words] of [
      ['folder.csv', 'is a directory'],
      ['no/stats.csv', 'no such file or directory'],
    ] as const) {
      const end = await run('load-stats', ['--to', address], { cwd, stdin: csv(HEADER, good) });
      expect(end).toMatchObject({ status: 69, stderr: `load-stats: ${address}: ${words}\n` });
    }
  });
});

it('a CSV store that is limited takes no rows beyond (74), and stays as it is', async () => {
  const address = join(await privateFolder(), 'stats.csv');
  const settings = { waitMs: 1000, timeoutMs: 1000, token: undefined, signal: new AbortController().signal };
  const store = await openStore(address, { ...settings, mostBytes: 200 });
  await store.upsert([statsRow(hourly('attic', 0))], 'more');
  const before = readFileSync(address, 'utf8');
  await expect(
    store.upsert(
      [1, 2].map((hour) => statsRow(hourly('attic', hour))),
      'more',
    ),
  ).rejects.toMatchObject({
    ...{ status: 74, message: `${address}: would be longer than 200 bytes: use a database` },
  });
  expect(readFileSync(address, 'utf8')).toBe(before);
});
