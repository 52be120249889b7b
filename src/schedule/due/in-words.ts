/** When a job is due, in words: `every day at 04:00`. */

import type { KnownJob } from '../../ledger/records.ts';
import { showDuration } from '../../readings/duration.ts';
import { isWhen } from './known-job.ts';
import type { CronFields } from './when.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October'],
  ...['November', 'December'],
];
/** More times a day than this are described by minutes and hours instead. */
const MAX_TIMES = 4;
/** This many consecutive values are shown as a range. */
const SPAN = 3;

/** The schedule as it was written if a later version wrote a kind that this one does not know. */
export function scheduleInWords({ when, schedule }: Pick<KnownJob, 'when' | 'schedule'>): string {
  if (!isWhen(when)) return schedule;
  if (when.kind === 'never') return 'by hand';
  if (when.kind === 'start') return 'when the schedule starts';
  if (when.kind === 'interval') return `every ${showDuration(when.everyMs)}`;
  return fieldsInWords(when.fields) + (when.zone === undefined ? '' : `, ${when.zone}`);
}

function fieldsInWords(fields: CronFields): string {
  const times = timesOfDay(fields);
  const days = daysOf(fields);
  const months = fields.months.length === 12 ? '' : ` in ${listed(fields.months, (at) => MONTHS[at - 1])}`;
  if (times !== undefined) return `${days ?? 'every day'} at ${times}${months}`;
  return `${repeated(fields)}${days === undefined ? '' : `, ${days}`}${months}`;
}

/** `04:00 and 16:00`; undefined if there are too many. */
function timesOfDay({ minutes, hours }: CronFields): string | undefined {
  if (minutes.length * hours.length > MAX_TIMES) return undefined;
  return joined(hours.flatMap((hour) => minutes.map((minute) => timeOf(hour, minute))));
}

/** The days; undefined for every day. */
function daysOf({ daysOfMonth, daysOfWeek, bothDays }: CronFields): string | undefined {
  const ofMonth = `on day ${listed(daysOfMonth, String)} of the month`;
  const names = listed(daysOfWeek, (at) => DAYS[at]);
  const ofWeek = daysOfWeek.length === 1 ? `every ${names}` : names;
  if (daysOfWeek.length === 7) return daysOfMonth.length === 31 ? undefined : ofMonth;
  if (daysOfMonth.length === 31) return ofWeek;
  return bothDays ? `${ofMonth} if it is ${names}` : `${ofMonth} or ${ofWeek}`;
}

/** Times that are too many to list: `every 5 minutes from 08:00 to 17:59`. */
function repeated({ minutes, hours }: CronFields): string {
  const step = minutes.length > 1 ? stepOf(minutes, 60) : undefined;
  if (step !== undefined) return (step === 1 ? 'every minute' : `every ${step} minutes`) + withinHours(hours);
  const [minute = 0, ...others] = minutes;
  const atMinute = `at minute ${listed(minutes, String)}`;
  const hourStep = stepOf(hours, 24);
  if (hourStep !== undefined) {
    const every = hourStep === 1 ? 'every hour' : `every ${hourStep} hours`;
    return minute === 0 && others.length === 0 ? every : `${every} ${atMinute}`;
  }
  const [first, last] = [hours[0] ?? 0, hours.at(-1) ?? 0];
  if (others.length === 0 && isInARow(hours))
    return `every hour from ${timeOf(first, minute)} to ${timeOf(last, minute)}`;
  return atMinute + withinHours(hours);
}

function withinHours(hours: readonly number[]): string {
  if (hours.length === 24) return '';
  if (!isInARow(hours)) return ` in hour ${listed(hours, String)}`;
  return ` from ${timeOf(hours[0] ?? 0, 0)} to ${timeOf(hours.at(-1) ?? 0, 59)}`;
}

function isInARow(values: readonly number[]): boolean {
  return (values.at(-1) ?? 0) - (values[0] ?? 0) === values.length - 1;
}

/** The step between values spread evenly around a whole circle from 0; undefined for others. */
function stepOf(values: readonly number[], circle: number): number | undefined {
  const step = circle / values.length;
  return values.every((value, at) => value === at * step) ? step : undefined;
}

/** `1, 3 to 5 and 9`. */
function listed(values: readonly number[], name: (value: number) => string | undefined): string {
  const spans: number[][] = [];
  for (const value of values) {
    const span = spans.at(-1);
    if (span?.at(-1) === value - 1) span.push(value);
    else spans.push([value]);
  }
  const names = spans.flatMap((span) =>
    span.length < SPAN ? span.map(name) : [`${name(span[0] ?? 0)} to ${name(span.at(-1) ?? 0)}`],
  );
  return joined(names.map(String));
}

function joined(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

function timeOf(hour: number, minute: number): string {
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
}
