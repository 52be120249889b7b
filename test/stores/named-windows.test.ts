/** Windows under the names of older versions, in the stores that are files. */

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { namedWindows } from '../../src/stores/named-windows.ts';
import { type Series, seriesPages } from '../../src/stores/reader.ts';
import openSqliteReader from '../../src/stores/sqlite-reader.ts';
import loadStats from '../../src/tools/load-stats.ts';
import { privateFolder, run } from '../harness.ts';
import { runHere } from '../in-process.ts';
import {
  manyOldNamesContract,
  marked,
  type OpenOldStore,
  oldNamesContract,
  UNMARK,
  under,
} from './old-names-contract.ts';
import { allRows, testReader, testSettings } from './reader-contract.ts';
import { asText, csv, HEADER, readCsv, readSqlite } from './rows.ts';

const oldDatabase: OpenOldStore = async (...lines) => {
  const address = join(await privateFolder(), 'old.db');
  const end = await runHere(loadStats, ['--to', address], { stdin: marked(lines) });
  expect(end).toMatchObject({ status: 0, stderr: '' });
  const database = new DatabaseSync(address);
  database.exec(UNMARK);
  database.close();
  return { address, rows: () => readSqlite(address) };
};

oldNamesContract('SQLite', oldDatabase);
oldNamesContract('CSV', async (...lines) => {
  const address = join(await privateFolder(), 'old.csv');
  writeFileSync(address, csv(HEADER, ...lines));
  return { address, rows: () => readCsv(address) };
});

manyOldNamesContract('SQLite', `strftime('%FT%TZ', 1767225600 + 60 * at, 'unixepoch')`, async () => {
  const address = join(await privateFolder(), 'old.db');
  const query = (text: string) => {
    const database = new DatabaseSync(address);
    try {
      return database.prepare(text).all().map(asText);
    } finally {
      database.close();
    }
  };
  return { address, query };
});

it('rows that wait in a spool under an old name are of the same window', async () => {
  const cwd = await privateFolder();
  mkdirSync(join(cwd, 'spool'));
  writeFileSync(join(cwd, 'spool/2026-01-01T01-00-00.000Z-ab.csv'), csv(HEADER, under('60m', 'attic', 0)));
  const load = ['--to', 's.db', '--spool', 'spool'];
  await run('load-stats', load, { cwd, stdin: csv(HEADER, under('PT1H', 'attic', 0, 59)) });
  expect(readdirSync(join(cwd, 'spool'))).toEqual(['.lock']);
  expect(readSqlite(join(cwd, 's.db'))).toMatchObject([{ window: '1h', count: '60' }]);
});

describe('a list of many names', () => {
  const keys = [
    'a 120m',
    'a 15m',
    'a 1h',
    'a PT15M',
    'b 1h',
    'b 2h',
    'c 60m',
    'd all',
    'd 9h',
    'd 99m',
    'd PT9H',
  ];
  const named = ['a 15m', 'a 1h', 'a 2h', 'b 1h', 'b 2h', 'c 1h', 'd 99m', 'd 9h', 'd all'];

  it.each([1, 2, 3, 4, 100])('has each once, by pages of %i', async (most) => {
    const lines = keys.map((key) => under(key.slice(2), key.slice(0, 1), 0));
    const reader = await testReader((await oldDatabase(...lines)).address);
    onTestFinished(() => reader.close());
    const found: string[] = [];
    for (let after: Series | undefined; ; ) {
      const page: readonly Series[] = await reader.series({ after, most });
      found.push(...page.map(({ sensor, window }) => `${sensor} ${window}`));
      after = page.at(-1);
      if (page.length < most) break;
    }
    expect(found).toEqual(named);
    expect((await reader.series({ sensor: 'd' })).map(({ window }) => window)).toEqual(['99m', '9h', 'all']);
  });

  it('counts anew when a writer has renamed', async () => {
    const { address } = await oldDatabase(under('60m', 'a', 0), under('60m', 'a', 1), under('1h', 'a', 2));
    const reader = await testReader(address);
    onTestFinished(() => reader.close());
    const counts = async () => (await reader.series()).map(({ window, rows }) => `${window} ${rows}`);
    expect(await counts()).toEqual(['1h 3']);
    await run('load-stats', ['--to', address], { stdin: csv(HEADER, under('1h', 'a', 3)) });
    expect(await counts()).toEqual(['1h 4']);
    expect((await allRows(reader, { sensor: 'a', window: '1h', from: 0, to: Infinity })).length).toBe(4);
  });

  it('is read in as many pages as without old names, and once more where a page cuts a sensor', async () => {
    const lines = Array.from({ length: 100 }, (_, at) => [under('60m', `${at}`, 0), under('1m', `${at}`, 0)]);
    const { address } = await oldDatabase(...lines.flat());
    const reader = openSqliteReader(address, testSettings);
    onTestFinished(() => reader.close());
    let calls = 0;
    const counted = namedWindows({
      ...reader,
      series: (part) => {
        calls += 1;
        return reader.series(part);
      },
    });
    for await (const page of seriesPages(counted)) expect(page.length).toBeGreaterThan(0);
    expect(calls).toBeLessThan(10);
  });
});
