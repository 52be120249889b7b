import { expect, it } from 'vitest';
import { isUtcTime } from '../../../src/tables/input/plain-time.ts';
import { batchOf } from '../batch-of.ts';

it('has room for any number of rows', () => {
  const rows = Array.from({ length: 1000 }, (_, at) => [`${at}`, at % 2 === 0 ? null : 'é']);
  const batch = batchOf(rows);
  expect(batch.rows).toBe(1000);
  expect(rows.map((_, row) => [batch.text(row, 0), batch.text(row, 1) ?? null])).toEqual(rows);
});

it('makes one quote of two once, and is its CSV no longer', () => {
  const batch = batchOf([['"""a"""', '""""']]);
  batch.csv = { bytes: batch.bytes, delimiter: 44 };
  batch.undouble();
  expect(batch.csv).toBeDefined();
  batch.starts[0] = 1;
  batch.ends[0] = 6;
  batch.addDoubled(0);
  for (let times = 0; times < 2; times++) batch.undouble();
  expect(batch.csv).toBeUndefined();
  expect([batch.text(0, 0), batch.text(0, 1)]).toEqual(['"a"', '""""']);
});

it('rewrites times that are not as the table holds them, and nothing else', () => {
  const time = '2026-11-21T12:04:00+02:00';
  const batch = batchOf(
    [
      [time, time],
      [null, null],
      ['2026-11-21T10:04:01Z', time],
    ],
    ['t', 'x'],
    ['timestamp', 'text'],
  );
  batch.csv = { bytes: batch.bytes, delimiter: 44 };
  batch.toUtc(isUtcTime);
  expect([0, 1, 2].map((row) => batch.text(row, 0))).toEqual([
    '2026-11-21T10:04:00Z',
    undefined,
    '2026-11-21T10:04:01Z',
  ]);
  expect([0, 1, 2].map((row) => batch.text(row, 1))).toEqual([time, undefined, time]);
  expect(batch.csv).toBeUndefined();
});

it('stays the CSV that it was when its times are right', () => {
  // The 29th and fractions are not plain, but right.
  const batch = batchOf([['2026-11-29T10:04:00Z'], ['2026-11-21T10:04:00.500Z']], ['t'], ['timestamp']);
  const { bytes } = batch;
  batch.csv = { bytes, delimiter: 44 };
  batch.toUtc(isUtcTime);
  expect(batch.csv).toBeDefined();
  expect(batch.bytes).toBe(bytes);
});

it('copies its bytes a few times only, however many columns are rewritten', () => {
  const batch = batchOf([Array.from({ length: 1000 }, () => 'x')]);
  const memories = new Set<ArrayBufferLike>();
  for (let column = 0; column < 1000; column++) {
    batch.rewrite(column, () => 'y'.repeat(100));
    memories.add(batch.bytes.buffer);
  }
  expect(memories.size).toBeLessThan(12);
  expect([batch.text(0, 0), batch.text(0, 999)]).toEqual(['y'.repeat(100), 'y'.repeat(100)]);
});
