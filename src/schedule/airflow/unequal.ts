/** Features of a graph without equivalent in Airflow: each is reported with its line, never dropped silently. */

import type { Problem } from '../crontab/problem.ts';
import { isNever } from '../due/due-minutes.ts';
import { standsIn } from '../graph/file/sections.ts';
import type { Graph, Task } from '../graph/graph.ts';
import { DEFAULT_POLICIES, type Policies } from '../jobs/policies.ts';
import { POLICY_WORDS } from '../jobs/policy-words.ts';

/** Policies with an equivalent in Airflow, or with a check of their own. All others must have their default value. */
const KNOWN = new Set([
  'overlap',
  'catchup',
  'timeout',
  'retries',
  'retry-delay',
  'max-retry-delay',
  'final',
  'skip-on',
]);
/** Maximum length of a tag in Airflow's database, in characters. */
const LONGEST_TAG = 100;

/** In line order, without duplicates. */
export function unequalParts(graph: Graph): Problem[] {
  const found = new Map<string, Problem>();
  const add = (line: number, message: string): void => {
    found.set(`${line} ${message}`, { line, column: 1, message });
  };
  const ofGraph = (key: string, message: string): void =>
    add(graph.lines.get(key) ?? graph.place.line, `${key}: ${message}`);
  checkSchedule(graph, ofGraph);
  checkRuns(graph, ofGraph);
  for (const task of graph.tasks.values()) {
    checkTask(task, (key, message) => {
      add(task.lines.get(key) ?? graph.lines.get('defaults') ?? task.place.line, `${key}: ${message}`);
    });
  }
  return [...found.values()].sort((one, other) => one.line - other.line);
}

type Report = (key: string, message: string) => void;

function checkSchedule({ when, schedule, policies, start }: Graph, report: Report): void {
  if (when?.kind === 'interval') report('schedule', 'Airflow has no equivalent of @every: write five fields');
  if (when?.kind === 'start') report('schedule', 'Airflow has no equivalent of @reboot');
  if (when?.kind === 'minutes' && isNever(when.fields))
    report('schedule', 'no year has such a day, and Airflow refuses it');
  const [, , dayOfMonth = '*', , dayOfWeek = '*'] = schedule.trim().split(/\s+/);
  const isStepOfAll = (field: string) => field.startsWith('*') && field !== '*';
  if (dayOfMonth !== '*' && dayOfWeek !== '*' && (isStepOfAll(dayOfMonth) || isStepOfAll(dayOfWeek)))
    report('schedule', 'Airflow takes either of the two days, where cron takes days that are both');
  if (policies.catchUp.windowMs !== Number.POSITIVE_INFINITY)
    report('catchup', 'Airflow has no equivalent of its window');
  if (when !== undefined && policies.catchUp.mode === 'all' && start === undefined)
    report('catchup', 'for all, Airflow needs a start, such as start: 2026-01-01');
}

function checkRuns({ policies, tags }: Graph, report: Report): void {
  if (policies.overlap === 'kill') report('overlap', 'Airflow has no equivalent of kill');
  checkPolicies('graph', policies, report);
  for (const tag of tags) {
    if ([...tag].length > LONGEST_TAG) report('tags', `Airflow takes at most ${LONGEST_TAG} characters`);
  }
}

function checkTask(task: Task, report: Report): void {
  if (task.each !== undefined && task.each.kind !== 'list')
    report('each', `Airflow has no equivalent of ${task.each.kind}: it takes a list`);
  checkPolicies('task', task.policies, report);
}

function checkPolicies(place: 'graph' | 'task', policies: Policies, report: Report): void {
  for (const [word, { key }] of POLICY_WORDS) {
    if (standsIn(place, key) && !KNOWN.has(word) && policies[key] !== DEFAULT_POLICIES[key])
      report(word, 'Airflow has no equivalent of it');
  }
}
