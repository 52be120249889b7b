/** Tasks as Airflow's operators: what each is given, and of that what all of them share. */

import type { Task } from '../graph/graph.ts';
import type { Policies } from '../policies.ts';
import { insideRaw, plainTemplate } from './jinja-text.ts';
import {
  type Bracketed,
  block,
  call,
  dictionary,
  type Expression,
  keyword,
  LINE_WIDTH,
  list,
  literal,
  type Part,
  timeDelta,
} from './python-text.ts';

/** Arguments by name, in their order. */
export type Arguments = ReadonlyMap<string, Expression>;

/** What a task without a time limit may take: Airflow wants a number, and by itself takes a week. */
const NO_LIMIT = 'timedelta(days=36500)';
/** Columns before a command, and behind it. */
const ROOM_FOR_COMMAND = 30;

/** The arguments that all tasks which run a command have alike: those of `default_args`. */
export function sharedArguments(tasks: Iterable<Task>): Arguments {
  const all = [...tasks];
  const [first, ...others] = all.filter(({ everyMs }) => everyMs === undefined).map(policyArguments);
  // To a task that waits it would be a limit of each time that it asks.
  const hasWaits = all.some(({ everyMs }) => everyMs !== undefined);
  return new Map(
    [...(first ?? [])].filter(
      ([name, value]) =>
        others.every((other) => other.get(name) === value) && !(hasWaits && name === 'execution_timeout'),
    ),
  );
}

/** @param folder that of the graph @param shared what need not be said again */
export function operator(task: Task, folder: string, shared: Arguments): Bracketed {
  const parts = [
    keyword('task_id', literal(task.name)),
    keyword('bash_command', commandOf(task, folder)),
    ...(task.triggerRule === 'all_success' ? [] : [keyword('trigger_rule', literal(task.triggerRule))]),
    ...(task.pool === undefined ? [] : [keyword('pool', literal(task.pool))]),
    ...(task.everyMs === undefined ? commandParts(task, folder, shared) : waitParts(task, task.everyMs)),
  ];
  const name = task.everyMs === undefined ? 'Command' : 'Wait';
  if (task.each?.kind === 'list') return expanded(name, parts, task, task.each.items);
  const env = Object.keys(task.env).length === 0 ? [] : [keyword('env', environment(task, ['**ENV']))];
  return call(name, [...parts, ...env], true);
}

function expanded(name: string, parts: readonly Part[], task: Task, items: readonly string[]): Bracketed {
  const { maxParallel } = task;
  const most = Number.isFinite(maxParallel)
    ? [keyword('max_active_tis_per_dagrun', String(maxParallel))]
    : [];
  const given = list(items.map((item) => literal(plainTemplate(item))));
  const own = Object.keys(task.env).length === 0 ? [] : [{ lead: '', value: environment(task, []) }];
  const env = call('each', [{ lead: '', value: given }, ...own]);
  const expand = call('.expand', [keyword('env', env)], true);
  return { ...call(`${name}.partial`, [...parts, ...most], true), next: expand };
}

function environment(task: Task, first: readonly string[]): Bracketed {
  const own = dictionary(
    Object.entries(task.env).map(([name, value]) => [name, literal(plainTemplate(value))] as const),
  );
  return { ...own, parts: [...first.map((value) => ({ lead: '', value })), ...own.parts] };
}

function commandOf({ command, cwd, everyMs }: Task, folder: string): Expression {
  const text = insideRaw(command);
  const isLong = text.length > LINE_WIDTH - ROOM_FOR_COMMAND && command.trim().includes('\n');
  const shown = isLong ? block(text) : literal(text);
  // A sensor has no folder of its own to be told.
  const place = everyMs === undefined ? [] : [{ lead: 'folder=', value: folderOf(cwd, folder) }];
  return call('command', [{ lead: '', value: shown }, ...place]);
}

function commandParts(task: Task, folder: string, shared: Arguments): Part[] {
  const own = [...policyArguments(task)].filter(([name]) => !shared.has(name));
  const place = task.cwd === folder ? [] : [keyword('cwd', folderOf(task.cwd, folder))];
  return [...place, ...own.map(([name, value]) => keyword(name, value))];
}

function waitParts({ policies }: Task, everyMs: number): Part[] {
  const { timeoutMs } = policies;
  return [
    keyword('poke_interval', timeDelta(everyMs)),
    keyword('timeout', Number.isFinite(timeoutMs) ? timeDelta(timeoutMs) : NO_LIMIT),
    keyword('mode', literal('reschedule')),
    keyword('soft_fail', 'False'),
  ];
}

/** A folder, by that of the graph if it is below that. */
function folderOf(path: string, folder: string): string {
  if (path === folder) return 'FOLDER';
  if (!path.startsWith(`${folder}/`)) return literal(plainTemplate(path));
  const below = plainTemplate(path.slice(folder.length)).replaceAll(/[{}]/g, '$&$&');
  return `f${literal(`{FOLDER}${below}`)}`;
}

function policyArguments({ policies }: Task): Map<string, string> {
  const { retries, retryDelayMs, maxRetryDelayMs, timeoutMs } = policies;
  const given = new Map([['retries', String(retries)]]);
  if (retries > 0) {
    given.set('retry_delay', timeDelta(retryDelayMs));
    given.set('retry_exponential_backoff', 'True');
    given.set('max_retry_delay', timeDelta(maxRetryDelayMs));
  }
  if (Number.isFinite(timeoutMs)) given.set('execution_timeout', timeDelta(timeoutMs));
  given.set('skip_on_exit_code', numbers([...policies.skipOn]));
  given.set('final', numbers(finalStatuses(policies)));
  return given;
}

/** A status by which a command says that there was nothing to do is no failure. */
function finalStatuses({ final, skipOn }: Policies): number[] {
  return [...final].filter((status) => !skipOn.has(status));
}

function numbers(statuses: readonly number[]): string {
  return `[${statuses.join(', ')}]`;
}
