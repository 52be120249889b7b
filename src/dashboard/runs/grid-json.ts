/** The grid of tasks by runs, as JSON for the page. */

import { isGraph } from '../../ledger/jobs.ts';
import type { LedgerFile } from '../../ledger/ledger-file.ts';
import { isLost, type Lost, lostTask, runAsItIs } from '../../ledger/lost.ts';
import { type Page, readRunsOf } from '../../ledger/newest-runs.ts';
import { countItems, tasksOf } from '../../ledger/read-tasks.ts';
import type { Run } from '../../ledger/records.ts';
import { formatTime } from '../../readings/time.ts';
import type { GridJson, TaskJson } from '../page/runs/runs-json.ts';
import { lineJson, runJson, taskJson } from './run-json.ts';

/** A page of runs also ends at this many cells: a graph may have a thousand tasks. */
const MAX_CELLS = 20_000;

export function readGrid(
  file: LedgerFile,
  { job, ...page }: Page & { readonly job: string },
  lost: Lost,
): GridJson {
  const { runs, next } = readRunsOf(file, job, page);
  const columns: TaskJson[][] = [];
  let cells = 0;
  for (const run of runs) {
    const tasks = tasksJson(file, run, lost);
    cells += tasks.length;
    if (cells > MAX_CELLS && columns.length > 0) break;
    columns.push(tasks);
  }
  const shown = runs.slice(0, columns.length);
  // In the order of the newest run, followed by tasks that only older runs have.
  const tasks = [...new Set(columns.flatMap((column) => column.map(({ task }) => task)))];
  const byName = columns.map((column) => new Map(column.map((task) => [task.task, task])));
  return {
    now: formatTime(lost.now),
    tasks,
    runs: shown.map((run) => runJson(runAsItIs(run, lost))),
    cells: byName.map((column) => tasks.map((name) => column.get(name) ?? null)),
    next: (shown.length < runs.length ? shown.at(-1)?.run : next) ?? null,
  };
}

/** The tasks of a run, without items; a run of a crontab line counts as one task. */
export function tasksJson(file: LedgerFile, run: Run, lost: Lost): TaskJson[] {
  const found = tasksOf(file, run.run);
  const tasks = isLost(run, lost) ? found.map((task) => lostTask(task, lost)) : found;
  // A run of a graph that was skipped, or has not started, has none.
  if (tasks.length === 0) return run.graph === undefined && !isGraph(file, run.job) ? [lineJson(run)] : [];
  const items = countItems(file, run.run);
  return tasks.map((task) => taskJson(task, items.get(task.task)));
}
