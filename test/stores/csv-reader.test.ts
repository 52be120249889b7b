import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { privateFolder } from '../harness.ts';
import { ALL, allRows, testReader } from './reader-contract.ts';
import { csv, HEADER, hourly } from './rows.ts';

async function opened(content: string) {
  const address = join(await privateFolder(), 'stats.csv');
  await writeFile(address, content);
  const reader = await testReader(address);
  onTestFinished(() => reader.close());
  const replace = async (next: string) => {
    await writeFile(`${address}.next`, next);
    await rename(`${address}.next`, address);
  };
  return { address, reader, replace };
}

describe('a reader of a CSV file', () => {
  it('gives the rows of a file in any order, by series and end', async () => {
    const lines = [hourly('b', 1), hourly('attic', 2), hourly('attic', 0), hourly('b', 0)];
    const { reader } = await opened(csv(HEADER, ...lines));
    expect((await reader.series()).map(({ sensor, rows }) => [sensor, rows])).toEqual([
      ['attic', 2],
      ['b', 2],
    ]);
    const ends = (await allRows(reader)).map(({ end }) => end);
    expect(ends).toEqual(['2026-01-01T01:00:00Z', '2026-01-01T03:00:00Z']);
  });

  it('reads the file that takes its place', async () => {
    const { reader, replace } = await opened(csv(HEADER, hourly('attic', 0)));
    expect(await allRows(reader)).toHaveLength(1);
    await replace(csv(HEADER, hourly('attic', 0), hourly('attic', 1)));
    expect(await allRows(reader)).toHaveLength(2);
    await replace('');
    expect(await reader.series()).toEqual([]);
    expect(await reader.buckets(ALL, 1000)).toEqual([]);
  });

  it('refuses (69) a file of something else, with the line', async () => {
    const { address, reader, replace } = await opened('time,value\n');
    await expect(reader.series()).rejects.toMatchObject({
      status: 69,
      message: `${address}:1: column "sensor" is missing`,
    });
    await replace(csv(HEADER, 'attic,1h'));
    await expect(allRows(reader)).rejects.toMatchObject({
      status: 69,
      message: `${address}:2: row has 2 fields, its header 8`,
    });
  });

  it('refuses (69) a folder', async () => {
    const address = join(await privateFolder(), 'a.csv');
    await mkdir(address);
    await expect((await testReader(address)).series()).rejects.toMatchObject({ status: 69 });
  });
});
