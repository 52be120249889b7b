import { describe, expect, it } from 'vitest';
import { ageOf, lastReadingOf } from '../../src/readings/last-reading.ts';
import type { StatsRow } from '../../src/readings/stats-row.ts';

const at = (clock: string) => Date.parse(`1969-12-31T${clock}Z`);

function hour(lastTime?: string, start = '1969-12-31T10:00:00Z'): StatsRow {
  return {
    ...{ sensor: 'a', window: '1h', start, end: '1969-12-31T11:00:00Z', count: 1 },
    ...{ min: '1', max: '1', avg: '1' },
    extra: new Map(lastTime === undefined ? [] : [['last_time', lastTime]]),
  };
}

describe('the newest reading of a row', () => {
  it('is at the time that the row says', () => {
    expect(lastReadingOf(hour('1969-12-31T10:20:00.500Z'))).toBe(at('10:20:00.500'));
    expect(lastReadingOf(hour('1969-12-31T10:20:00Z', ''))).toBe(at('10:20:00'));
    // That of a rolling window.
    expect(lastReadingOf(hour('1969-12-31T11:00:00Z'))).toBe(at('11:00:00'));
  });

  it.each([undefined, '', 'soon', '1969-12-31T09:59:59Z', '1969-12-31T11:00:01Z', '10:20'])(
    'is unknown for %j',
    (text) => expect(lastReadingOf(hour(text))).toBeUndefined(),
  );

  it('has an age, that of the end of the window where nobody knows, and never one below zero', () => {
    expect(ageOf(hour('1969-12-31T10:20:00Z'), at('10:30:00'))).toBe(600_000);
    expect(ageOf(hour('1969-12-31T10:20:00Z'), at('11:30:00'))).toBe(4_200_000);
    expect(ageOf(hour(), at('11:30:00'))).toBe(1_800_000);
    expect(ageOf(hour(), at('10:30:00'))).toBe(0);
    expect(ageOf(hour('1969-12-31T10:20:00Z'), at('10:10:00'))).toBe(0);
  });
});
