/** `schedule --explain`: each job with its effective settings. */

import { printable } from '../../plot/display-text.ts';
import { GRAPH } from '../graph/file/sections.ts';
import type { Task } from '../graph/graph.ts';
import type { Job } from '../jobs/job.ts';
import { DEFAULT_POLICIES } from '../jobs/policies.ts';
import { POLICY_WORDS, showPolicies } from '../jobs/policy-words.ts';

const INDENT = '    ';

/** @param json NDJSON instead of text for people */
export function* explainJobs(jobs: readonly Job[], json: boolean): Generator<string> {
  for (const [index, job] of jobs.entries()) {
    if (json) yield `${JSON.stringify(recordOf(job))}\n`;
    else yield `${index > 0 ? '\n' : ''}${textOf(job)}`;
  }
}

/** The time zone of a job's schedule; undefined for the system's. */
export function zoneOf({ when }: Job): string | undefined {
  return when.kind === 'minutes' ? when.zone : undefined;
}

/** Policies by word, each in the syntax of a policy comment; null if not set. */
function policiesOf({ policies, graph }: Job): Record<string, string | null> {
  // Of a graph, only the policies of the whole; the others belong to its tasks.
  const words = graph === undefined ? POLICY_WORDS : GRAPH.policies;
  const shown = [...words].map(([word, { key, show }]) => [word, show(policies[key]) || null]);
  return Object.fromEntries(shown);
}

/** The non-default policies of a task, as `word=value`. */
function ownPolicies({ policies }: Task): string[] {
  const usual = showPolicies(DEFAULT_POLICIES);
  return showPolicies(policies).filter((text) => !usual.includes(text));
}

function recordOf(job: Job) {
  const tasks = [...(job.graph?.tasks.values() ?? [])];
  return {
    job: job.name,
    file: job.place.file,
    line: job.place.line,
    schedule: job.schedule,
    zone: zoneOf(job) ?? null,
    command: job.command,
    input: job.input,
    // Values may be secret.
    env: namesOf(job),
    policies: policiesOf(job),
    ...(job.graph !== undefined && {
      tasks: tasks.map((task) => ({ task: task.name, needs: task.needs, policies: ownPolicies(task) })),
    }),
  };
}

function namesOf({ env, graph }: Job): string[] {
  return Object.keys({ ...env, ...graph?.env });
}

function textOf(job: Job): string {
  const { name, place, schedule, command, input } = job;
  const zone = zoneOf(job);
  const names = namesOf(job);
  const tasks = [...(job.graph?.tasks.values() ?? [])];
  const entries: [string, string][] = [
    ['schedule', zone === undefined ? schedule || 'by hand' : `${schedule} in ${zone}`],
    ['command', command],
    ...(input === '' ? [] : [['stdin', JSON.stringify(input)] as [string, string]]),
    ...(names.length === 0 ? [] : [['environment', names.join(' ')] as [string, string]]),
    ...Object.entries(policiesOf(job)).map(([word, value]): [string, string] => [word, value ?? '-']),
    ...tasks.map((task): [string, string] => [`task ${task.name}`, ownPolicies(task).join(' ') || '-']),
  ];
  const width = entries.reduce((most, [word]) => Math.max(most, word.length), 0);
  const lines = entries.map(([word, value]) => `${INDENT}${word.padEnd(width)}  ${printable(value)}\n`);
  return `${place.file}:${place.line}: ${printable(name)}\n${lines.join('')}`;
}
