/** Reads a task of a file, with the defaults of its graph. */

import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { errorText } from '../../../failure.ts';
import { quote } from '../../../lines/line.ts';
import type { Policies } from '../../jobs/policies.ts';
import type { Each, Task } from '../graph.ts';
import { type DEFAULTS, type Found, readSection, TASK } from './sections.ts';
import { label } from './shape.ts';
import { checkId, type TASK_KEYS } from './task-keys.ts';
import type { Entry, Problems, TextValue, Value } from './yaml-value.ts';

/** A task whose needs and pool are not checked yet, and its values as written. */
export interface TaskDraft {
  readonly task: Task;
  readonly key: TextValue;
  readonly values: ReadonlyMap<string, Value>;
}

export interface TaskContext {
  readonly file: string;
  readonly folder: string;
  /** The policies of all tasks, which a task may override. */
  readonly policies: Policies;
  readonly shared: Found<(typeof DEFAULTS)['keys']> | undefined;
  /** Variables of the graph. */
  readonly env: Readonly<Record<string, string>>;
  readonly problems: Problems;
}

/** Default poll interval of a condition. */
const EVERY_MS = 30_000;

/** Reads a task and reports its problems; undefined when the value is not a mapping. */
export function readTask({ key, value }: Entry, context: TaskContext): TaskDraft | undefined {
  const { problems, shared } = context;
  const name = key.text;
  try {
    checkId(name);
  } catch (error) {
    problems.add(key, errorText(error));
  }
  if (value.kind !== 'mapping')
    return problems.add(value, `${label(name)}: expected a task such as {run: CMD}`);
  const found = readSection(TASK, value, problems);
  checkKeys(key, found, problems);
  const { results, policies, values, lines } = found;
  const all = { ...shared?.results, ...results };
  const command = results.run ?? results.until ?? '';
  const cwd = resolve(context.folder, all.cwd ?? '.');
  const waits = results.until !== undefined;
  const task = {
    name,
    command,
    everyMs: waits ? (all.every ?? EVERY_MS) : undefined,
    needs: [...new Set(results.needs)],
    triggerRule: all['trigger-rule'] ?? 'all_success',
    env: Object.fromEntries(results.env ?? []),
    cwd,
    pool: all.pool,
    each: results.each,
    maxParallel: all['max-parallel'] ?? Number.POSITIVE_INFINITY,
    policies: { ...context.policies, ...policies },
    place: { file: context.file, line: problems.lineOf(key) },
    lines: new Map([...(shared?.lines ?? []), ...lines]),
  } satisfies Omit<Task, 'hash'>;
  return { task: { ...task, hash: hashOf(task, context.env) }, key, values };
}

/** Checks keys that require or exclude each other. */
function checkKeys(key: TextValue, { values }: Found<typeof TASK_KEYS>, problems: Problems): void {
  const [run, until, every] = [values.get('run'), values.get('until'), values.get('every')];
  const name = key.text;
  if (run === undefined && until === undefined) problems.add(key, `${quote(name)} has no run: CMD`);
  if (run !== undefined && until !== undefined)
    problems.add(until, `${quote(name)} has both run and until: it is one or the other`);
  if (every !== undefined && until === undefined) problems.add(every, 'every: is for a task with until');
  const most = values.get('max-parallel');
  if (most !== undefined && !values.has('each')) problems.add(most, 'max-parallel: is for a task with each');
}

function hashOf(task: Omit<Task, 'hash'>, graphEnv: Readonly<Record<string, string>>): string {
  const { command, everyMs, each, needs, triggerRule, cwd } = task;
  const env = Object.entries({ ...graphEnv, ...task.env }).sort(([one], [other]) => (one < other ? -1 : 1));
  const does = [command, everyMs !== undefined, eachText(each), [...needs].sort(), triggerRule, env, cwd];
  return createHash('sha256').update(JSON.stringify(does)).digest('hex');
}

function eachText(each: Each | undefined): readonly string[] {
  if (each === undefined) return [];
  if (each.kind === 'list') return [each.kind, ...each.items];
  return [each.kind, each.kind === 'glob' ? each.pattern : each.file];
}
