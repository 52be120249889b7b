/** The time of a schedule as Airflow's croniter reads it. */

import type { CronFields } from '../due/when.ts';

/** What both read alike: in the last field 7 is Sunday for cron, and for croniter only by itself. */
const ALIKE = /^[\d,*/-]+$/;
const ALIKE_DAYS = /^[0-6,*-]+$/;

/** @param written five fields, or a word such as `@daily` */
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
