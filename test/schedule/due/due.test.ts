import { describe, expect, it } from 'vitest';
import { readCrontab } from '../../../src/schedule/crontab/read-crontab.ts';
import { beforeLast, countDue, dueTimes, nextDue, previousDue } from '../../../src/schedule/due/due.ts';
import type { When } from '../../../src/schedule/due/when.ts';

function when(fields: string, zone = 'UTC'): When {
  const { jobs, problems } = readCrontab(`${fields} true\n`, 'crontab', {}, { zone });
  expect(problems).toEqual([]);
  return jobs[0]?.when ?? { kind: 'start' };
}

/** The due times from one time up to another, both included, in the zone's UTC. */
function due(fields: string, zone: string, from: string, to: string): string[] {
  const span = { from: Date.parse(from) - 1, to: Date.parse(to) };
  return [...dueTimes(when(fields, zone), span)].map(
    (time) => `${new Date(time).toISOString().slice(0, 16)}Z`,
  );
}

const SPRING = ['Europe/Berlin', '2026-03-29T00:00Z', '2026-03-29T02:30Z'] as const;
const AUTUMN = ['Europe/Berlin', '2026-10-25T00:00Z', '2026-10-25T02:30Z'] as const;

describe('dueTimes', () => {
  it('leaves out the start of the span and comprises its end', () => {
    const span = { from: Date.parse('2026-01-01T00:00Z'), to: Date.parse('2026-01-01T00:02Z') };
    expect([...dueTimes(when('* * * * *'), span)]).toEqual([span.from + 60_000, span.to]);
    expect([...dueTimes(when('* * * * *'), { from: span.to, to: span.to })]).toEqual([]);
    expect([...dueTimes(when('* * * * *'), { from: span.to, to: span.from })]).toEqual([]);
  });

  it('knows a time before which nothing is due', () => {
    const [first, second, third] = [60_000, 120_000, 180_000] as const;
    const whens: When[] = [
      { ...(when('* * * * *') as When & { kind: 'minutes' }), from: second },
      { kind: 'interval', everyMs: first, from: second },
    ];
    for (const late of whens) {
      expect([...dueTimes(late, { from: 0, to: third })]).toEqual([second, third]);
      expect([...dueTimes(late, { from: 0, to: first })]).toEqual([]);
      expect(countDue(late, { from: 0, to: third })).toBe(2);
      expect(countDue(late, { from: 0, to: first })).toBe(0);
      expect([nextDue(late, 0), nextDue(late, second)]).toEqual([second, third]);
      expect([previousDue(late, third), previousDue(late, second)]).toEqual([second, undefined]);
    }
  });

  it('has none for what is done by hand', () => {
    const never: When = { kind: 'never' };
    expect([...dueTimes(never, { from: 0, to: 600_000 })]).toEqual([]);
    expect([countDue(never, { from: 0, to: 600_000 }), nextDue(never, 0), previousDue(never, 0)]).toEqual([
      0,
      undefined,
      undefined,
    ]);
  });

  it.each([
    // Either day, or both when one field starts with a star.
    ['0 0 13 * 5', '2026-02-01', '2026-02-28', ['06', '13', '20', '27']],
    ['0 0 */2 * 1', '2026-02-01', '2026-02-28', ['09', '23']],
    ['0 0 1-7 * */2', '2026-02-01', '2026-02-28', ['01', '03', '05', '07']],
    ['0 0 * * 7', '2026-02-01', '2026-02-28', ['01', '08', '15', '22']],
    ['0 0 29 2 *', '2026-02-01', '2026-03-31', []],
  ])('%s', (fields, from, to, days) => {
    expect(due(fields, 'UTC', from, `${to}T23:59Z`)).toEqual(days.map((day) => `2026-02-${day}T00:00Z`));
  });

  it.each([
    ['30 2 * * *', ['01:00']],
    ['0,30 2 * * *', ['01:00']],
    ['0 1-3 * * *', ['00:00', '01:00']],
    ['*/30 * * * *', ['00:00', '00:30', '01:00', '01:30', '02:00', '02:30']],
    ['30 * * * *', ['00:30', '01:30', '02:30']],
    ['*/30 2 * * *', []],
    ['0 3 * * *', ['01:00']],
  ])('in spring %s', (fields, times) => {
    expect(due(fields, ...SPRING)).toEqual(times.map((time) => `2026-03-29T${time}Z`));
  });

  it.each([
    ['30 2 * * *', ['00:30']],
    ['0 1-3 * * *', ['00:00', '02:00']],
    ['30 * * * *', ['00:30', '01:30', '02:30']],
    ['*/30 2 * * *', ['00:00', '00:30', '01:00', '01:30']],
  ])('in autumn %s', (fields, times) => {
    expect(due(fields, ...AUTUMN)).toEqual(times.map((time) => `2026-10-25T${time}Z`));
  });

  it('knows the multiples of an interval, and nothing of the start', () => {
    const span = { from: 10_000, to: 20_000 };
    expect([...dueTimes(when('@every 5s'), span)]).toEqual([15_000, 20_000]);
    expect([...dueTimes(when('@reboot'), span)]).toEqual([]);
    expect(countDue(when('@every 5s'), span)).toBe(2);
    expect([0, 1, 2, 3].map((most) => beforeLast(when('@every 5s'), span, most))).toEqual([
      ...[20_000, 15_000, 10_000, 10_000],
    ]);
    expect(beforeLast(when('@reboot'), span, 1)).toBe(10_000);
  });

  it('counts decades as it counts their years', () => {
    const years = Array.from({ length: 51 }, (_, year) => Date.UTC(1976 + year, 0, 1, 0, 30));
    for (const fields of ['*/7 * * * *', '30 2 * * *', '0 0 29 2 *', '15 */5 1,15 * 1']) {
      const span = { from: years[0] ?? 0, to: years.at(-1) ?? 0 };
      const each = years
        .slice(1)
        .map((to, year) => [...dueTimes(when(fields), { from: years[year] ?? 0, to })].length);
      expect(countDue(when(fields), span), fields).toBe(each.reduce((sum, count) => sum + count));
    }
  });
});

describe('nextDue and previousDue', () => {
  it('find rare days', () => {
    const sunday = when('0 0 29 2 */7');
    expect(nextDue(sunday, Date.parse('2072-01-01'))).toBe(Date.parse('2088-02-29'));
    // 2100 has no such day.
    expect(nextDue(sunday, Date.parse('2088-02-29'))).toBe(Date.parse('2128-02-29'));
    expect(nextDue(when('0 0 31 4 *'), 0)).toBeUndefined();
    expect(previousDue(when('0 0 31 4 *'), 0)).toBeUndefined();
    expect(previousDue(when('0 0 29 2 *'), Date.parse('2026-01-01'))).toBe(Date.parse('2024-02-29'));
  });

  it('leave out the time that they are asked about', () => {
    const noon = Date.parse('2026-05-05T12:00Z');
    expect(nextDue(when('* * * * *'), noon)).toBe(noon + 60_000);
    expect(nextDue(when('* * * * *'), noon - 1)).toBe(noon);
    expect(previousDue(when('* * * * *'), noon)).toBe(noon - 60_000);
    expect(previousDue(when('* * * * *'), noon + 1)).toBe(noon);
    expect(previousDue(when('@every 5s'), 10_000)).toBe(5000);
    expect(previousDue(when('@every 5s'), 10_001)).toBe(10_000);
  });
});
