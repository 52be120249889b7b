/** Tasks as Airflow operators, with common arguments factored out. */

import type { Task } from '../graph/graph.ts';
import type { Policies } from '../jobs/policies.ts';
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

/** Operator arguments by name, in order. */
export type Arguments = ReadonlyMap<string, string>;

/** Airflow's defaults. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ['retries', '0'],
  ['execution_timeout', 'None'],
]);

/** The timeout of a sensor without a limit: Airflow requires a number, and its default is a week. */
const NO_LIMIT = 'timedelta(days=36500)';
/** Columns taken on the line of a command by what surrounds it. */
const ROOM_FOR_COMMAND = 30;

/** For `default_args`: the most frequent value of each policy among the tasks that are not waits. */
export function sharedArguments(tasks: Iterable<Task>): Arguments {
  const counts = new Map<string, Map<string, number>>();
  for (const task of tasks) {
    if (task.everyMs !== undefined) continue;
    for (const [name, value] of policyArguments(task)) {
      const values = counts.get(name) ?? new Map<string, number>();
      counts.set(name, values.set(value, (values.get(value) ?? 0) + 1));
    }
  }
  const shared = new Map<string, string>();
  for (const [name, values] of counts) {
    const [[most] = ['']] = [...values].sort(([, one], [, other]) => other - one);
    if (most !== DEFAULTS.get(name)) shared.set(name, most);
  }
  return shared;
}

/** @param folder the graph's folder @param shared the arguments in `default_args` */
export function operator(task: Task, folder: string, shared: Arguments): Bracketed {
  const parts = [
    keyword('task_id', literal(task.name)),
    keyword('bash_command', commandOf(task, folder)),
    ...(task.triggerRule === 'all_success' ? [] : [keyword('trigger_rule', literal(task.triggerRule))]),
    ...(task.pool === undefined ? [] : [keyword('pool', literal(task.pool))]),
    ...(task.everyMs === undefined
      ? commandParts(task, folder, shared)
      : waitParts(task, task.everyMs, shared)),
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
  // A sensor has no `cwd`.
  const place = everyMs === undefined ? [] : [{ lead: 'folder=', value: folderOf(cwd, folder) }];
  return call('command', [{ lead: '', value: shown }, ...place]);
}

function commandParts(task: Task, folder: string, shared: Arguments): Part[] {
  const own = [...policyArguments(task)].filter(
    ([name, value]) => value !== (shared.get(name) ?? DEFAULTS.get(name)),
  );
  const place = task.cwd === folder ? [] : [keyword('cwd', folderOf(task.cwd, folder))];
  return [...place, ...own.map(([name, value]) => keyword(name, value))];
}

function waitParts({ policies }: Task, everyMs: number, shared: Arguments): Part[] {
  const { timeoutMs } = policies;
  return [
    keyword('poke_interval', timeDelta(everyMs)),
    keyword('timeout', Number.isFinite(timeoutMs) ? timeDelta(timeoutMs) : NO_LIMIT),
    keyword('mode', literal('reschedule')),
    keyword('soft_fail', 'False'),
    // For a sensor, execution_timeout would limit each poke.
    ...(shared.has('execution_timeout') ? [keyword('execution_timeout', 'None')] : []),
  ];
}

/** A folder, relative to FOLDER if it is inside the graph's folder. */
function folderOf(path: string, folder: string): string {
  if (path === folder) return 'FOLDER';
  if (!path.startsWith(`${folder}/`)) return literal(plainTemplate(path));
  const below = plainTemplate(path.slice(folder.length)).replaceAll(/[{}]/g, '$&$&');
  return `f${literal(`{FOLDER}${below}`)}`;
}

/** A task's policies as arguments; no delays without retries. */
function policyArguments({ policies }: Task): Map<string, string> {
  const { retries, retryDelayMs, maxRetryDelayMs, timeoutMs } = policies;
  const given = new Map([['retries', String(retries)]]);
  if (retries > 0) {
    given.set('retry_delay', timeDelta(retryDelayMs));
    given.set('retry_exponential_backoff', 'True');
    given.set('max_retry_delay', timeDelta(maxRetryDelayMs));
  }
  given.set('execution_timeout', Number.isFinite(timeoutMs) ? timeDelta(timeoutMs) : 'None');
  given.set('skip_on_exit_code', numbers([...policies.skipOn]));
  given.set('final', numbers(finalStatuses(policies)));
  return given;
}

/** Final statuses, except those of `skip-on`, which are not failures. */
function finalStatuses({ final, skipOn }: Policies): number[] {
  return [...final].filter((status) => !skipOn.has(status));
}

function numbers(statuses: readonly number[]): string {
  return `[${statuses.join(', ')}]`;
}
