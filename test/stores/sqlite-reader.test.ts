import { chmod, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { privateFolder, run, until } from '../harness.ts';
import { ALL, allRows, testReader } from './reader-contract.ts';
import { csv, HEADER, hourly } from './rows.ts';

describe('a reader of a SQLite database', () => {
  async function opened(...hours: number[]) {
    const cwd = await privateFolder();
    const address = join(cwd, 'stats.db');
    const load = (...more: number[]) =>
      run('load-stats', [], { cwd, stdin: csv(HEADER, ...more.map((hour) => hourly('attic', hour))) });
    await load(...hours);
    const reader = await testReader(address);
    onTestFinished(() => reader.close());
    const change = (statement: string) => {
      const database = new DatabaseSync(address, { timeout: 10_000 });
      database.exec(statement);
      database.close();
    };
    const counts = async () => (await reader.series()).map(({ sensor, rows }) => `${sensor} ${rows}`);
    return { address, load, reader, change, counts };
  }

  it('refuses (69) a file of something else', async () => {
    const path = join(await privateFolder(), 'stats.db');
    await writeFile(path, 'time,value\n'.repeat(200));
    await expect((await testReader(path)).series()).rejects.toMatchObject({
      status: 69,
      message: `${path}: file is not a database`,
    });
  });

  it('counts again when rows were deleted or renamed', async () => {
    const { change, counts } = await opened(0, 1, 2, 3);
    expect(await counts()).toEqual(['attic 4']);
    change(`DELETE FROM stats WHERE "end" < '2026-01-01T03:00:00Z'`);
    expect(await counts()).toEqual(['attic 2']);
    change(`UPDATE stats SET sensor = 'loft'`);
    expect(await counts()).toEqual(['loft 2']);
    change('DROP TABLE stats');
    expect(await counts()).toEqual([]);
  });

  it('follows to the file that takes its place', async () => {
    const { address, load, reader, counts } = await opened(0, 1, 2);
    expect(await counts()).toEqual(['attic 3']);
    let changes = 0;
    reader.watch(() => {
      changes += 1;
    });
    for (const end of ['', '-wal', '-shm']) await rm(address + end, { force: true });
    await until(() => changes > 0, 'told that it is gone');
    expect(await counts()).toEqual([]);
    await load(5);
    expect(await counts()).toEqual(['attic 1']);
  });

  it('reads while a writer is in the middle of a batch, and does not hold it up', async () => {
    const { address, reader, counts } = await opened(0, 1);
    const writer = new DatabaseSync(address, { timeout: 0 });
    onTestFinished(() => writer.close());
    writer.exec('BEGIN IMMEDIATE');
    writer.exec('DELETE FROM stats');
    expect(await counts()).toEqual(['attic 2']);
    for await (const rows of reader.rows(ALL)) expect(rows).toHaveLength(2);
    writer.exec('COMMIT');
    expect(writer.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()).toMatchObject({ busy: 0 });
    expect(await counts()).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)('reads where it may not write, whoever else does', async () => {
    const { address, load, counts } = await opened(0, 1);
    await chmod(dirname(address), 0o755);
    const asNobody = async () => {
      process.seteuid?.(65_534);
      try {
        return await counts();
      } finally {
        process.seteuid?.(0);
      }
    };
    expect(await asNobody()).toEqual(['attic 2']);
    await load(2);
    expect(await asNobody()).toEqual(['attic 3']);
    const writer = new DatabaseSync(address, { timeout: 10_000 });
    writer.exec(`DELETE FROM stats WHERE "end" = '2026-01-01T02:00:00Z'`);
    expect(await asNobody()).toEqual(['attic 2']);
    writer.exec('DELETE FROM stats');
    expect(await asNobody()).toEqual([]);
    writer.close();
    expect(await asNobody()).toEqual([]);
  });

  it('reads a table that others made, without rowids, keys in order or numbers that fit', async () => {
    const { address, change, reader, counts } = await opened();
    change(`CREATE TABLE stats (Note, Sensor, Window, Start, "End", Count, Min, Max, Avg, id NUMERIC,
      PRIMARY KEY (sensor, window, "end")) WITHOUT ROWID`);
    change(
      `INSERT INTO stats VALUES ('x', 'attic', '1h', NULL, '2026-01-01T01:00:00Z', 7, 1e-7, 1e21, 2, 9007199254740993)`,
    );
    for (let times = 0; times < 2; times++) expect(await counts()).toEqual(['attic 1']);
    const [row] = await allRows(reader);
    expect(row).toMatchObject({ start: '', count: 7, min: '0.0000001', max: '1000000000000000000000' });
    expect([...(row?.extra ?? [])]).toEqual([
      ['Note', 'x'],
      ['id', '9007199254740993'],
    ]);
    change('UPDATE stats SET count = 8');
    for (let times = 0; times < 2; times++) expect(await counts()).toEqual(['attic 1']);
    expect(await allRows(await testReader(address))).toMatchObject([{ count: 8 }]);
  });
});
