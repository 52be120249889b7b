/**
 * An independent implementation of cron's start times, written from crontab(5) and cron(8) alone: it steps through time
 * minute by minute, as cron does.
 */

/** A zone's local time for each minute from `start` on, in minutes since 1970-01-01 local time. */
export interface WallTable {
  readonly start: number;
  readonly wall: Float64Array;
}

const NAMES = [
  ...['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  ...['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
];

/**
 * @param start, end in minutes since the epoch, multiples of `step`
 * @param step clocks change only at its multiples: nowadays, at whole quarters of an hour
 */
export function wallTable(zone: string, start: number, end: number, step = 15): WallTable {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const wall = new Float64Array(end - start);
  for (let minute = start; minute < end; minute += step) {
    const shown = Date.parse(`${format.format(minute * 60_000).replace(' ', 'T')}:00Z`) / 60_000;
    for (let further = 0; further < step; further += 1) wall[minute - start + further] = shown + further;
  }
  return { start, wall };
}

/** The minutes of a table at which cron starts a job with these fields, from the second day on. */
export function cronMinutes(fields: string, { start, wall }: WallTable): number[] {
  const matches = matcher(fields);
  const byClock = /^\S*\s+\*|^\*/.test(fields);
  const due: number[] = [];
  let virtual = (wall[0] ?? 0) - 1;
  for (const [index, now] of wall.entries()) {
    const ahead = now - virtual;
    let isDue = false;
    if (byClock) isDue = matches(now);
    else if (ahead > 0 && ahead <= 181) {
      while (virtual < now) {
        virtual += 1;
        if (matches(virtual)) isDue = true;
      }
    } else if (ahead <= -180 || ahead > 181) {
      virtual = now;
      isDue = matches(now);
    }
    if (isDue && index >= 1440) due.push(start + index);
  }
  return due;
}

function matcher(fields: string): (wall: number) => boolean {
  const [minute = '', hour = '', date = '', month = '', weekday = ''] = fields.split(/\s+/);
  const minutes = valuesOf(minute, 0, 59);
  const hours = valuesOf(hour, 0, 23);
  const dates = valuesOf(date, 1, 31);
  const months = valuesOf(month, 1, 12);
  const weekdays = valuesOf(weekday, 0, 7);
  if (weekdays.has(7)) weekdays.add(0);
  const both = date.startsWith('*') || weekday.startsWith('*');
  let day = Number.NaN;
  let isDay = false;
  return (wall) => {
    if (Math.floor(wall / 1440) !== day) {
      day = Math.floor(wall / 1440);
      const at = new Date(day * 86_400_000);
      const isDate = dates.has(at.getUTCDate());
      const isWeekday = weekdays.has(at.getUTCDay());
      isDay = months.has(at.getUTCMonth() + 1) && (both ? isDate && isWeekday : isDate || isWeekday);
    }
    return isDay && minutes.has(wall % 60) && hours.has(Math.floor(wall / 60) % 24);
  };
}

function valuesOf(field: string, low: number, high: number): Set<number> {
  const values = new Set<number>();
  for (const item of field.split(',')) {
    const [range = '', step = '1'] = item.split('/');
    const [first = '', last = first] = range === '*' ? [String(low), String(high)] : range.split('-');
    for (let value = numberOf(first); value <= numberOf(last); value += Number(step)) values.add(value);
  }
  return values;
}

function numberOf(text: string): number {
  const name = NAMES.indexOf(text.toLowerCase());
  if (name < 0) return Number(text);
  return name < 12 ? name + 1 : name - 12;
}
