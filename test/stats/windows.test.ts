import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeZone } from '../../src/stats/time-zone.ts';
import { monthWindows, windowsOf } from '../../src/stats/windows.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Half-hour changes, changes at midnight, zones with odd minutes, no change at all. */
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'America/Havana',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'UTC',
];
const LENGTHS = [
  MINUTE,
  7 * MINUTE,
  15 * MINUTE,
  45 * MINUTE,
  HOUR,
  90 * MINUTE,
  2 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  7 * DAY,
];

function at(text: string): number {
  return Date.parse(text);
}

function show(windows: ReturnType<typeof windowsOf>, time: string): string {
  const { start, end } = windows(at(time));
  return `${new Date(start).toISOString().slice(0, 16)} ${(end - start) / HOUR}h`;
}

describe('windows of one length', () => {
  it('count from the epoch in UTC, before it too', () => {
    expect(windowsOf(HOUR, undefined)(at('2026-11-21T10:59:59.999Z'))).toEqual({
      start: at('2026-11-21T10:00Z'),
      end: at('2026-11-21T11:00Z'),
    });
    expect(windowsOf(HOUR, undefined)(-1)).toEqual({ start: -HOUR, end: 0 });
  });

  it.each([
    ['spring', '2013-03-10T12:00Z', '2013-03-10T05:00 23h'],
    ['summer', '2013-07-01T12:00Z', '2013-07-01T04:00 24h'],
    ['autumn', '2013-11-03T12:00Z', '2013-11-03T04:00 25h'],
    ['winter', '2013-12-01T04:59Z', '2013-11-30T05:00 24h'],
  ])('a day in New York in %s has the hours of its clock', (_, time, expected) => {
    expect(show(windowsOf(DAY, timeZone('America/New_York')), time)).toBe(expected);
  });

  it.each([
    ['the hour before', '2013-11-03T04:30Z', '2013-11-03T04:00 1h'],
    ['its first pass', '2013-11-03T05:30Z', '2013-11-03T05:00 1h'],
    ['its second pass', '2013-11-03T06:30Z', '2013-11-03T06:00 1h'],
    ['the hour after', '2013-11-03T07:30Z', '2013-11-03T07:00 1h'],
  ])('an hour that comes twice is two windows: %s', (_, time, expected) => {
    expect(show(windowsOf(HOUR, timeZone('America/New_York')), time)).toBe(expected);
  });

  it('a day whose midnight is skipped begins with the change', () => {
    expect(show(windowsOf(DAY, timeZone('America/Sao_Paulo')), '2018-11-04T12:00Z')).toBe(
      '2018-11-04T03:00 23h',
    );
  });

  it('a day whose midnight comes twice begins with the first', () => {
    expect(show(windowsOf(DAY, timeZone('America/Havana')), '2013-11-03T12:00Z')).toBe(
      '2013-11-03T04:00 25h',
    );
  });

  it('hours follow zones with odd minutes', () => {
    expect(show(windowsOf(HOUR, timeZone('Asia/Kathmandu')), '2026-01-01T10:20Z')).toBe(
      '2026-01-01T10:15 1h',
    );
  });

  it('a change of half an hour cuts the hours at it', () => {
    const hours = windowsOf(HOUR, timeZone('Australia/Lord_Howe'));
    // At 15:00 UTC the clock goes from 2:00 back to 1:30.
    expect(show(hours, '2019-04-06T14:45Z')).toBe('2019-04-06T14:00 1h');
    expect(show(hours, '2019-04-06T15:10Z')).toBe('2019-04-06T15:00 0.5h');
    expect(show(hours, '2019-04-06T15:40Z')).toBe('2019-04-06T15:30 1h');
  });

  it('leave no gap and do not overlap, whatever the zone and the length', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.constantFrom(...LENGTHS),
        fc.integer({ min: at('2012-01-01'), max: at('2022-01-01') }),
        (zone, length, time) => {
          const windows = windowsOf(length, timeZone(zone));
          const { start, end } = windows(time);
          expect(start <= time && time < end).toBe(true);
          expect(windows(end).start).toBe(end);
          expect(windows(start - 1).end).toBe(start);
          expect(windows(start)).toEqual({ start, end });
          expect(windows(end - 1)).toEqual({ start, end });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('hold every instant around every change of the clock, and agree on their ends', () => {
    const wrong: unknown[] = [];
    for (const zone of ZONES) {
      const offset = timeZone(zone);
      const found = changes(zone);
      for (const length of LENGTHS) {
        // Made anew, so that none is remembered.
        const spanOf = (time: number) => windowsOf(length, offset)(time);
        for (const change of found) {
          for (let time = change - 3 * HOUR; time < change + 3 * HOUR; time += 10 * MINUTE) {
            const { start, end } = spanOf(time);
            const spans = [spanOf(start), spanOf(end - 1)];
            const agree = spans.every((other) => other.start === start && other.end === end);
            if (start > time || time >= end || !agree) wrong.push({ zone, length, time, start, end });
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('leave no gap around every change of the clock', () => {
    for (const zone of ZONES) {
      const found = changes(zone);
      for (const length of LENGTHS) {
        const windows = windowsOf(length, timeZone(zone));
        for (const change of found) {
          let { end } = windows(change - 2 * length);
          while (end < change + 2 * length) {
            const next = windows(end);
            expect({ zone, length, start: next.start }).toEqual({ zone, length, start: end });
            end = next.end;
          }
        }
      }
    }
  });
});

describe('windows of months', () => {
  it.each([
    [1, 'UTC', '2026-02-28T23:59:59Z', '2026-02-01T00:00 672h'],
    [1, 'UTC', '2024-02-29T00:00Z', '2024-02-01T00:00 696h'],
    [3, 'UTC', '2026-05-31T00:00Z', '2026-04-01T00:00 2184h'],
    [6, 'UTC', '2026-12-31T23:00Z', '2026-07-01T00:00 4416h'],
    [12, 'UTC', '2024-02-29T00:00Z', '2024-01-01T00:00 8784h'],
    [12, 'UTC', '0050-07-01T00:00Z', '0050-01-01T00:00 8760h'],
    [1, 'UTC', '1969-12-31T23:59Z', '1969-12-01T00:00 744h'],
    // An hour more and less, by the clock.
    [1, 'Europe/Berlin', '2026-10-31T12:00Z', '2026-09-30T22:00 745h'],
    [1, 'Europe/Berlin', '2026-02-28T23:00Z', '2026-02-28T23:00 743h'],
    [12, 'America/New_York', '2026-01-01T04:59Z', '2025-01-01T05:00 8760h'],
  ])('%d of them in %s at %s', (months, zone, time, expected) => {
    expect(show(monthWindows(months, zone === 'UTC' ? undefined : timeZone(zone)), time)).toBe(expected);
  });

  it('hold the times for which Intl writes these months, whatever the zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.constantFrom(1, 2, 3, 4, 6, 12),
        fc.integer({ min: at('2008-01-01'), max: at('2030-01-01') }),
        (zone, months, time) => {
          const { start, end } = monthWindows(months, timeZone(zone))(time);
          expect(start <= time && time < end).toBe(true);
          const format = new Intl.DateTimeFormat('sv-SE', {
            timeZone: zone,
            year: 'numeric',
            month: 'numeric',
          });
          const window = (moment: number) => {
            const [year = 0, month = 0] = format.format(moment).split('-').map(Number);
            return Math.floor((12 * year + month - 1) / months);
          };
          expect([start, end - 1, start - 1, end].map(window)).toEqual(
            [0, 0, -1, 1].map((step) => window(time) + step),
          );
        },
      ),
    );
  });
});

describe('timeZone', () => {
  it('refuses a zone that it does not know', () => {
    expect(() => timeZone('Mars/Olympus')).toThrow('unknown time zone: "Mars/Olympus"');
  });

  it('knows the offset at an instant', () => {
    expect(timeZone('Europe/Berlin')(at('2026-07-01T00:00:00.500Z'))).toBe(2 * HOUR);
    expect(timeZone('Asia/Kathmandu')(0)).toBe(5.5 * HOUR);
  });
});

/** The hours of 2013 and 2019 in which the offset changes. */
function changes(zone: string): number[] {
  const offset = timeZone(zone);
  const found: number[] = [];
  for (const year of ['2013', '2019']) {
    for (let time = at(`${year}-01-01`); time < at(`${year}-12-31`); time += 12 * HOUR) {
      if (offset(time) === offset(time + 12 * HOUR)) continue;
      for (let hour = time; hour < time + 12 * HOUR; hour += HOUR)
        if (offset(hour) !== offset(hour + HOUR)) found.push(hour + HOUR);
    }
  }
  return found;
}
