/** Formats times and durations of the JSON for display. */

import { formatAge, formatLength, formatTime, isoText, type Zone } from '../../data/format.ts';

/** Epoch ms of a time in the JSON; undefined for null. */
export function timeOf(text: string | null): number | undefined {
  return text === null ? undefined : Date.parse(text);
}

/** Milliseconds from start to end, or so far; undefined before the start. */
export function tookMs(start: string | null, end: string | null, now: number): number | undefined {
  const begun = timeOf(start);
  return begun === undefined ? undefined : Math.max(0, (timeOf(end) ?? now) - begun);
}

/** A duration, rounded for display: `20 ms`, `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`; a dash for none. */
export function formatTook(ms: number | undefined): string {
  if (ms === undefined) return '–';
  if (ms < 95) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min${rest > 0 ? ` ${rest} s` : ''}`;
  return formatLength(seconds * 1000);
}

/** `12 s ago`, `in 3 min`, `now`. */
export function formatAgo(time: number, now: number): string {
  const by = now - time;
  if (Math.abs(by) < 1000) return 'now';
  return by > 0 ? `${formatAge(by)} ago` : `in ${formatAge(-by)}`;
}

/** The shortest clear form: the time of day if it is today, else with the date, and with the year if it is another one. */
export function formatShort(time: number, now: number, zone: Zone): string {
  const [text, today] = [isoText(time, zone), isoText(now, zone)];
  const clock = text.slice(11, text.slice(17, 19) === '00' ? 16 : 19);
  if (text.slice(0, 10) === today.slice(0, 10)) return clock;
  return text.slice(0, 4) === today.slice(0, 4) ? `${text.slice(5, 10)} ${clock}` : formatTime(time, zone);
}

/** Epoch ms of the start of a day, `2026-11-21`, or of the day `later` days after it. */
export function startOfDay(day: string, zone: Zone, later: number): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return zone === 'utc'
    ? Date.UTC(year, month - 1, date + later)
    : new Date(year, month - 1, date + later).getTime();
}
