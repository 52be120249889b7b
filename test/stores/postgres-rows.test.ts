import { describe, expect, it } from 'vitest';
import { rowTimes } from '../../src/stores/postgres-rows.ts';
import { hourly, statsRow } from './rows.ts';

describe('rowTimes', () => {
  it.each([
    ['2026-11-21 10:04:00+00', '2026-11-21T10:04:00Z'],
    ['2026-11-21 10:04:00.5+00', '2026-11-21T10:04:00.500Z'],
    ['', ''],
  ])('writes %j as %j', (text, time) => {
    const row = { ...statsRow(hourly('attic', 0)), start: text, end: text };
    expect(rowTimes(row)).toEqual({ ...row, start: time, end: time });
  });
});
