/** Each job with all that is in force for it: `schedule --explain`. */

import { printable } from '../../plot/display-text.ts';
import type { Job } from '../job.ts';
import { POLICY_WORDS } from '../policy-words.ts';

const INDENT = '    ';

/** @param json whether as NDJSON, else as lines for people */
export function* explainJobs(jobs: readonly Job[], json: boolean): Generator<string> {
  for (const [index, job] of jobs.entries()) {
    if (json) yield `${JSON.stringify(recordOf(job))}\n`;
    else yield `${index > 0 ? '\n' : ''}${textOf(job)}`;
  }
}

/** The zone by which a job is due; undefined is the system's. */
export function zoneOf({ when }: Job): string | undefined {
  return when.kind === 'minutes' ? when.zone : undefined;
}

/** Policies by their words, each in the form in which a comment would have it; null for one that is not set. */
function policiesOf({ policies }: Job): Record<string, string | null> {
  const shown = [...POLICY_WORDS].map(([word, { key, show }]) => [word, show(policies[key]) || null]);
  return Object.fromEntries(shown);
}

function recordOf(job: Job) {
  return {
    job: job.name,
    line: job.place.line,
    schedule: job.schedule,
    zone: zoneOf(job) ?? null,
    command: job.command,
    input: job.input,
    // Values may be secret.
    env: Object.keys(job.env),
    policies: policiesOf(job),
  };
}

function textOf(job: Job): string {
  const { name, place, schedule, command, input, env } = job;
  const zone = zoneOf(job);
  const names = Object.keys(env);
  const entries: [string, string][] = [
    ['schedule', zone === undefined ? schedule : `${schedule} in ${zone}`],
    ['command', command],
    ...(input === '' ? [] : [['stdin', JSON.stringify(input)] as [string, string]]),
    ...(names.length === 0 ? [] : [['environment', names.join(' ')] as [string, string]]),
    ...Object.entries(policiesOf(job)).map(([word, value]): [string, string] => [word, value ?? '-']),
  ];
  const width = Math.max(...entries.map(([word]) => word.length));
  const lines = entries.map(([word, value]) => `${INDENT}${word.padEnd(width)}  ${printable(value)}\n`);
  return `${place.file}:${place.line}: ${printable(name)}\n${lines.join('')}`;
}
