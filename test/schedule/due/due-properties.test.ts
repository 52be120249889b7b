import { describe, expect, it } from 'vitest';
import { readCrontab } from '../../../src/schedule/crontab/read-crontab.ts';
import { beforeLast, countDue, dueTimes, nextDue, previousDue } from '../../../src/schedule/due/due.ts';
import type { When } from '../../../src/schedule/due/when.ts';
import { seeded } from '../../random.ts';
import { FIRST_SEED, seedCount, sized } from '../../thorough.ts';
import { randomFields } from './random-line.ts';
import { cronMinutes, type WallTable, wallTable } from './second-evaluator.ts';

const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Beirut', 'UTC'];
const MINUTE = 60_000;
const DAY = 1440;
const YEAR = Date.UTC(2026, 0, 1) / MINUTE;
const YEAR_END = Date.UTC(2027, 0, 1) / MINUTE;

function when(fields: string, zone: string): When {
  const { jobs, problems } = readCrontab(`${fields} true`, 'crontab', {}, { zone });
  expect(problems, fields).toEqual([]);
  return jobs[0]?.when ?? { kind: 'start' };
}

/** The days of 2026 at which clocks are changed. */
function nights(zone: string): number[] {
  const { wall } = wallTable(zone, YEAR, YEAR_END);
  const found: number[] = [];
  for (let minute = 1; minute < wall.length; minute += 1) {
    if ((wall[minute] ?? 0) - (wall[minute - 1] ?? 0) !== 1) found.push(Math.floor(minute / DAY));
  }
  return found;
}

function expectSame(fields: string, zone: string, table: WallTable): void {
  const due = cronMinutes(fields, table).map((minute) => minute * MINUTE);
  const job = when(fields, zone);
  const span = {
    from: (table.start + DAY) * MINUTE - 1,
    to: (table.start + table.wall.length - 1) * MINUTE,
  };
  const place = `${fields} in ${zone} from ${new Date(span.from + 1).toISOString()}`;
  expect([...dueTimes(job, span)], place).toEqual(due);
  expect(countDue(job, span), place).toBe(due.length);
  const half = Math.ceil(due.length / 2);
  const rest = { ...span, from: beforeLast(job, span, half) };
  expect(rest.from, place).toBeGreaterThanOrEqual(span.from);
  expect([...dueTimes(job, rest)], place).toEqual(due.slice(due.length - half));
  const [next, previous] = [nextDue(job, span.from), previousDue(job, span.to + 1)];
  if (due.length > 0) expect([next, previous], place).toEqual([due[0], due.at(-1)]);
  else {
    expect(next ?? Number.POSITIVE_INFINITY, place).toBeGreaterThan(span.to);
    expect(previous ?? Number.NEGATIVE_INFINITY, place).toBeLessThanOrEqual(span.from);
  }
}

/** Changes that other places have made. */
const STRANGE = [
  ['Antarctica/Troll', '2026-03-29', 'by two hours'],
  ['Antarctica/Troll', '2026-10-25', 'by two hours'],
  ['America/St_Johns', '2010-03-14', 'at 00:01'],
  ['America/St_Johns', '2010-11-07', 'at 00:01, to the day before'],
  ['Pacific/Apia', '2011-12-30', 'by a day, which was left out'],
  ['America/Caracas', '2007-12-09', 'by half an hour, for good'],
  ['Asia/Pyongyang', '2018-05-04', 'by half an hour, just before midnight'],
  ['Antarctica/Casey', '2010-03-04', 'by three hours, back'],
  ['Africa/Monrovia', '1972-01-07', 'by 44 minutes and 30 seconds'],
] as const;

it.each(STRANGE)('due times in %s on %s are those of another evaluator: %s', (zone, date) => {
  const start = Date.parse(date) / MINUTE - 2 * DAY;
  const table = wallTable(zone, start, start + 4 * DAY, 1);
  const isChanged = table.wall.some((wall, index) => index > 0 && wall - (table.wall[index - 1] ?? 0) !== 1);
  expect(isChanged).toBe(true);
  for (let seed = FIRST_SEED; seed < FIRST_SEED + seedCount(12, 300); seed += 1) {
    expectSame(randomFields(seeded(seed)), zone, table);
  }
});

describe.each(ZONES)('due times in %s', (zone) => {
  it('are those of another evaluator for random lines, at nights in which clocks are changed and on other days', () => {
    const days = [...nights(zone), 58, 200, 364];
    const tables = days.map((day) => {
      const start = YEAR + (day - 2) * DAY;
      return wallTable(zone, start, start + 4 * DAY);
    });
    for (let seed = FIRST_SEED; seed < FIRST_SEED + seedCount(60, 5000); seed += 1) {
      const random = seeded(seed * 7 + ZONES.indexOf(zone));
      const table = tables[Math.floor(random() * tables.length)];
      if (table !== undefined) expectSame(randomFields(random), zone, table);
    }
  });

  it('are those of another evaluator for a year', () => {
    const year = wallTable(zone, YEAR - DAY, YEAR_END);
    const random = seeded(FIRST_SEED + 1);
    for (let count = 0; count < sized(2, 50); count += 1) expectSame(randomFields(random), zone, year);
  });
});
