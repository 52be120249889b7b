/**
 * The doctor of crontabs, and of graphs of tasks: `schedule --test`. When each job is due, and what its writer hardly wants.
 *
 * It starts nothing and writes nothing. It looks at the machine as cron would find it, since a crontab is to work under cron, too.
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
  /** Without problems. */
  readonly loaded: LoadedJobs;
  /** How many due times are shown of each job. */
  readonly count: number;
  /** From this time on, itself included; from now if undefined. */
  readonly from?: number | undefined;
  /** All due times up to this one, itself left out, instead of `count` of each job. */
  readonly to?: number | undefined;
  readonly json: boolean;
  readonly surroundings: Surroundings;
}

/** What the test of jobs prints. @returns the warnings; with `to` they are not among the lines */
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

/** A warning as one line with its place. */
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
