/**
 * The doctor of crontabs and task graphs, `schedule --test`: shows when each job is due, and warns of probable mistakes.
 *
 * It starts nothing and writes nothing. It checks the machine as cron would see it, since a crontab should also work under
 * cron.
 */

import { printable } from '../../plot/display-text.ts';
import { formatTime } from '../../readings/time.ts';
import { isNever } from '../due/due-minutes.ts';
import { wallClock } from '../due/wall-clock.ts';
import type { Job } from '../jobs/job.ts';
import type { LoadedJobs } from '../jobs/load-jobs.ts';
import { dueRows } from './due-rows.ts';
import { type Surroundings, warningsOf } from './examine.ts';
import { zoneOf } from './explain.ts';
import { nextTimes, showTime } from './show-times.ts';
import type { Warning } from './warning.ts';

export interface Question {
  /** Must have no problems. */
  readonly loaded: LoadedJobs;
  /** How many due times to show per job. */
  readonly count: number;
  /** The start, inclusive; now if undefined. */
  readonly from?: number | undefined;
  /** The end, exclusive: shows all due times in the span instead of `count` per job. */
  readonly to?: number | undefined;
  readonly json: boolean;
  readonly surroundings: Surroundings;
}

/** The output of the test. @returns the warnings; with `to`, they are not part of the output */
export async function* testJobs(question: Question): AsyncGenerator<string, Warning[]> {
  const { loaded, count, from = question.surroundings.now, to, json, surroundings } = question;
  const warnings = warningsOf(loaded, { ...surroundings, now: from });
  if (to !== undefined) {
    yield* dueRows(loaded.jobs, { from: from - 1, to: to - 1 }, json);
    return warnings;
  }
  const byJob = groupByJob(warnings);
  for (const [index, job] of loaded.jobs.entries()) {
    const times = nextTimes(job, from, count);
    const own = byJob.get(job.name) ?? [];
    if (json) yield `${JSON.stringify(recordOf(job, times, own))}\n`;
    else yield `${index > 0 ? '\n' : ''}${textOf(job, times, own)}`;
  }
  const others = byJob.get(undefined) ?? [];
  if (!json && others.length > 0 && loaded.jobs.length > 0) yield '\n';
  for (const warning of others) {
    yield json ? `${JSON.stringify({ ...warning, job: null })}\n` : `${showWarning(warning)}\n`;
  }
  return warnings;
}

/** A warning as one line, with file and line. */
export function showWarning({ file = '', line, message }: Warning): string {
  return `${file}${line === undefined ? '' : `:${line}`}: warning: ${printable(message)}`;
}

function groupByJob(warnings: readonly Warning[]): Map<string | undefined, Warning[]> {
  const groups = new Map<string | undefined, Warning[]>();
  for (const warning of warnings) {
    const group = groups.get(warning.job);
    if (group === undefined) groups.set(warning.job, [warning]);
    else group.push(warning);
  }
  return groups;
}

function recordOf(job: Job, times: readonly number[], warnings: readonly Warning[]) {
  return {
    job: job.name,
    file: job.place.file,
    line: job.place.line,
    schedule: job.schedule,
    zone: wallClock(zoneOf(job)).zone,
    command: job.command,
    next: times.map(formatTime),
    warnings: warnings.map(({ kind, message }) => ({ kind, message })),
  };
}

function textOf(job: Job, times: readonly number[], warnings: readonly Warning[]): string {
  const shown = times.length > 0 ? times.map((time) => showTime(time, job)) : withoutTimes(job);
  const remarks = warnings.map(({ message }) => `warning: ${printable(message)}`);
  const { zone } = wallClock(zoneOf(job));
  const schedule = job.when.kind === 'minutes' ? `${job.schedule} (${zone})` : job.schedule;
  const title = [printable(job.name), ...(schedule === '' ? [] : [schedule])].join(': ');
  const lines = [...shown, ...remarks].map((line) => `    ${line}\n`);
  return `${job.place.file}:${job.place.line}: ${title}\n${lines.join('')}`;
}

function withoutTimes({ when }: Job): string[] {
  if (when.kind === 'start') return ['when schedule starts'];
  if (when.kind === 'never') return ['by hand'];
  return when.kind === 'minutes' && isNever(when.fields) ? ['never'] : [];
}
