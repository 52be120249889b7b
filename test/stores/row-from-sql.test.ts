import { describe, expect, it } from 'vitest';
import { cellColumns, furtherColumns, rowFromCells } from '../../src/stores/row-from-sql.ts';

describe('furtherColumns', () => {
  it('leaves out the columns of every row, in any case', () => {
    expect(furtherColumns(['id', 'Sensor', 'END', 'p95', 'window'])).toEqual(['id', 'p95']);
  });
});

describe('cellColumns', () => {
  it('names the columns of every row as they are spelled here', () => {
    expect(cellColumns([])).toMatch(/^"sensor" AS "sensor", .*, "avg" AS "avg"$/);
    expect(cellColumns(['P95', 'a"b'])).toMatch(/, "P95", "a""b"$/);
  });
});

describe('rowFromCells', () => {
  const cells = {
    ...{ sensor: 'attic', window: '1h', start: null, end: '2026-01-01T01:00:00Z' },
    ...{ count: 60n, min: -1e-7, max: 1e21, avg: '21.50' },
  };

  it('writes numbers in plain digits, and NULL as empty text', () => {
    expect(rowFromCells(cells, [])).toEqual({
      ...{ sensor: 'attic', window: '1h', start: '', end: '2026-01-01T01:00:00Z', count: 60 },
      ...{ min: '-0.0000001', max: '1000000000000000000000', avg: '21.50', extra: new Map() },
    });
  });

  it.each([
    [null, ''],
    [9007199254740993n, '9007199254740993'],
    [0.5, '0.5'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    ['1e3', '1e3'],
  ])('gives a further column that holds %s as %j', (cell, text) => {
    expect([...rowFromCells({ ...cells, p95: cell }, ['p95']).extra]).toEqual([['p95', text]]);
  });
});
