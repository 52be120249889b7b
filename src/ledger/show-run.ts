/** All details of one run. */

import { alignRows } from '../lines/format-rows.ts';
import { formatTime } from '../readings/time.ts';
import type { LedgerFile } from './ledger-file.ts';
import { logPath, taskOf } from './log-path.ts';
import { countItems, type ItemCounts, tasksOf } from './read-tasks.ts';
import type { Run, TaskRow, ToolReport, TryRow } from './records.ts';
import { reportsOf, runOf, triesOf } from './rows.ts';
import { reportColumns, reportRow, shortTryColumns, shortTryRow, taskColumns, taskRow } from './show-runs.ts';

export interface RunDetails {
  readonly run: Run;
  /** For a graph: its tasks in file order, and for split tasks the number of items in each state. */
  readonly tasks: readonly TaskRow[];
  readonly items: ReadonlyMap<string, ItemCounts>;
  readonly tries: readonly TryRow[];
  readonly reports: readonly (ToolReport & Pick<TryRow, 'task' | 'number'>)[];
}

/** @returns undefined when there is no such run */
export function readDetails(file: LedgerFile, number: number): RunDetails | undefined {
  const run = runOf(file, number);
  return (
    run && {
      ...{ run, tasks: tasksOf(file, number), items: countItems(file, number) },
      ...{ tries: triesOf(file, number), reports: reportsOf(file, number) },
    }
  );
}

/** The details as text for people. */
export function showRun(
  { run, tasks, items, tries, reports }: RunDetails,
  { logFolder, now }: { logFolder: string; now: number },
): string {
  const { state, reason, trigger, scheduled, dataStart, dataEnd, count, queued, retryAt, env, isOfNow } = run;
  const facts: [string, string | undefined][] = [
    ['run', String(run.run)],
    ['job', run.job],
    ['state', reason === undefined ? state : `${state}: ${reason}`],
    ['trigger', trigger],
    ['scheduled', formatTime(scheduled) + (count > 1 ? ` (${count} times)` : '')],
    ['data', `${formatTime(dataStart)} to ${formatTime(dataEnd)}`],
    ['queued', formatTime(queued)],
    ['retry at', retryAt === undefined ? undefined : formatTime(retryAt)],
    ['ETL_AT', isOfNow ? undefined : formatTime(scheduled)],
    ...Object.entries(env),
  ];
  const width = facts.reduce((most, [name]) => Math.max(most, name.length), 0);
  const lines = facts.flatMap(([name, value]) =>
    value === undefined ? [] : `${name.padEnd(width)}  ${oneLine(value)}\n`,
  );
  const states = tasks.map((task) => taskRow(task, items.get(task.task), now));
  const isShown = ({ task, state }: TryRow) => !isItem(task, tasks) || state !== 'success';
  const logs = tries
    .filter(isShown)
    .map((one) => shortTryRow(one, logPath(logFolder, run, one.task, one.number), now));
  const tools = reports.filter(({ task }) => !isItem(task, tasks));
  const tables = [
    alignRows(states, taskColumns),
    alignRows(logs, shortTryColumns),
    alignRows(tools.map(reportRow), reportColumns),
  ];
  return [lines.join(''), ...tables.filter((table) => table !== '')].join('\n');
}

/** Whether a task is an item. There may be thousands of items: only their failures are shown. */
function isItem(task: string, tasks: readonly TaskRow[]): boolean {
  return tasks.length > 0 && taskOf(task) !== task;
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}
