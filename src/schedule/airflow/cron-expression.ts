/** Translates a schedule to the dialect of croniter, which Airflow uses. */

import type { CronFields } from '../due/when.ts';

/** Fields with the same meaning in both. Day of week 7 is Sunday in cron; in croniter, only by itself. */
const ALIKE = /^[\d,*/-]+$/;
const ALIKE_DAYS = /^[0-6,*-]+$/;

/** @param written five fields, or a nickname such as `@daily` */
export function cronExpression(written: string, fields: CronFields): string {
  const words = written.trim().split(/\s+/);
  const values = [fields.minutes, fields.hours, fields.daysOfMonth, fields.months, fields.daysOfWeek];
  const sizes = [60, 24, 31, 12, 7];
  return values
    .map((numbers, at) => {
      const word = words.length === values.length ? (words[at] ?? '') : '';
      if ((at === values.length - 1 ? ALIKE_DAYS : ALIKE).test(word)) return word;
      return numbers.length === sizes[at] ? '*' : numbers.join(',');
    })
    .join(' ');
}
