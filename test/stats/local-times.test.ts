import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalTimes } from '../../src/stats/local-times.ts';
import { timeZone } from '../../src/stats/time-zone.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function instants(zone: string, wall: string): string[] {
  const found = new LocalTimes(timeZone(zone)).instantsOf(Date.parse(`${wall}Z`));
  return found.map((time) => new Date(time).toISOString().slice(0, 16));
}

describe('when a wall clock shows a time', () => {
  it.each([
    ['Europe/Berlin', '2026-11-21T10:04', ['2026-11-21T09:04']],
    ['Europe/Berlin', '2026-03-29T01:59', ['2026-03-29T00:59']],
    ['Europe/Berlin', '2026-03-29T02:00', []],
    ['Europe/Berlin', '2026-03-29T02:59', []],
    ['Europe/Berlin', '2026-03-29T03:00', ['2026-03-29T01:00']],
    ['Europe/Berlin', '2026-10-25T01:59', ['2026-10-24T23:59']],
    ['Europe/Berlin', '2026-10-25T02:00', ['2026-10-25T00:00', '2026-10-25T01:00']],
    ['Europe/Berlin', '2026-10-25T02:59', ['2026-10-25T00:59', '2026-10-25T01:59']],
    ['Europe/Berlin', '2026-10-25T03:00', ['2026-10-25T02:00']],
    ['America/Havana', '2013-11-03T00:30', ['2013-11-03T04:30', '2013-11-03T05:30']],
    ['America/Sao_Paulo', '2018-11-04T00:30', []],
    // The change is half an hour.
    ['Australia/Lord_Howe', '2019-04-07T01:40', ['2019-04-06T14:40', '2019-04-06T15:10']],
    // A whole day is left out, and the day before it is followed by the one after it.
    ['Pacific/Apia', '2011-12-30T12:00', []],
    ['Pacific/Apia', '2011-12-31T12:00', ['2011-12-30T22:00']],
    ['Pacific/Kiritimati', '2026-01-01T00:00', ['2025-12-31T10:00']],
    ['UTC', '2026-10-25T02:30', ['2026-10-25T02:30']],
    ['UTC', '0050-01-01T00:00', ['0050-01-01T00:00']],
  ])('in %s at %s', (zone, wall, expected) => {
    expect(instants(zone, wall)).toEqual(expected);
  });

  it('is when Intl writes this time, around changes and anywhere', () => {
    const zones = [
      ...['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Havana', 'Asia/Kathmandu'],
      ...['Africa/Casablanca', 'Pacific/Apia', 'America/St_Johns', 'Pacific/Chatham'],
    ];
    const anywhere = fc.integer({ min: Date.UTC(2008, 0), max: Date.UTC(2030, 0) });
    const nearChange = fc
      .tuple(
        fc.constantFrom('2011-12-30', '2013-11-03', '2019-04-06', '2026-03-08', '2026-03-29', '2026-10-25'),
        fc.integer({ min: -DAY, max: 2 * DAY }),
      )
      .map(([day, later]) => Date.parse(day) + later);
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.oneof(anywhere, nearChange), (zone, moment) => {
        const wallMs = Math.floor(moment / 1000) * 1000;
        expect(new LocalTimes(timeZone(zone)).instantsOf(wallMs)).toEqual(shownAt(zone, wallMs));
      }),
      { numRuns: 150 },
    );
  });

  it('does not depend on what was asked before', () => {
    const times = new LocalTimes(timeZone('Europe/Berlin'));
    const walls = Array.from({ length: 400 }, (_, at) => Date.UTC(2026, 9, 20) + ((at * 7919) % 241) * HOUR);
    for (const wall of walls)
      expect(times.instantsOf(wall)).toEqual(new LocalTimes(timeZone('Europe/Berlin')).instantsOf(wall));
  });
});

/** The moments, within a day and a quarter, for which Intl writes what it writes in UTC at `wallMs`. */
function shownAt(zone: string, wallMs: number): number[] {
  const writer = (timeZone: string) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const wanted = writer('UTC').format(wallMs);
  const local = writer(zone);
  const found: number[] = [];
  for (let time = wallMs - 30 * HOUR; time <= wallMs + 30 * HOUR; time += 15 * MINUTE)
    if (local.format(time) === wanted) found.push(time);
  return found;
}
