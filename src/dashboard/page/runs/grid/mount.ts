/** The grid: tasks by runs, newest run on the right, with a row for the runs on top. */

import { make, setText } from '../../shell/dom.ts';
import { createLegend, isLit } from '../parts/legend.ts';
import { createPager } from '../parts/pager.ts';
import { createUnchanged } from '../parts/unchanged.ts';
import { countStates } from '../states/states.ts';
import { runTip } from '../tips/run-tip.ts';
import { taskTip } from '../tips/task-tip.ts';
import type { Tip } from '../tips/tip-text.ts';
import type { MountView, RunsContext, RunsState } from '../view.ts';
import { formatTook } from '../words/moments.ts';
import {
  barsOf,
  type Column,
  columnsOf,
  columnsThatFit,
  columnsToAsk,
  daysOf,
  labelsOf,
  olderThan,
} from './columns.ts';
import type { Cursor } from './cursor.ts';
import { attachCursor } from './grid-events.ts';
import { createGridTable } from './grid-table.ts';

const NAMES_PIXELS = 190;
const NARROW_NAMES_PIXELS = 120;
const NARROW = 720;

/** Mounts the grid. */
export const mount: MountView = (element, context) => {
  let columns: readonly Column[] = [];
  let tasks: readonly string[] = [];
  const table = createGridTable(({ row, column }) =>
    tipAt(columns[column], row === 0 ? undefined : { row: row - 1, name: tasks[row - 1] ?? '' }, context),
  );
  const isUnchanged = createUnchanged();
  const legend = createLegend((states) => context.look({ states }));
  const pager = createPager(context);
  const cursor = attachCursor(table, {
    open: (at) => open(at, columns, tasks, context),
    older: pager.older,
    newer: pager.newer,
  });
  const note = make('p', { class: 'note muted' });
  const head = make('div', { class: 'view-head' }, legend.element, pager.element);
  element.append(head, note, table.element);
  return {
    show(state) {
      const { look, preferences, run } = state;
      const names = innerWidth <= NARROW ? NARROW_NAMES_PIXELS : NAMES_PIXELS;
      const fit = columnsThatFit(element.clientWidth - names);
      const grid = context.grid(columnsToAsk(fit));
      const words = grid === undefined ? 'loading' : grid.runs.length === 0 ? emptyWords(state) : '';
      setText(note, words);
      for (const part of [head, table.element]) part.hidden = words !== '';
      if (grid === undefined || words !== '') return;
      const isUnderWay = columns.some(({ run: each }) => each.end === null);
      if (isUnchanged([grid, fit, look, run, preferences]) && !isUnderWay) return;
      [columns, tasks] = [columnsOf(grid, fit), grid.tasks];
      const runs = columns.map((column) => column.run);
      pager.show(olderThan(grid, fit), daysOf(runs, preferences.zone), runs);
      const shown = columns.flatMap(({ cells }) =>
        cells.flatMap((cell) => (cell === null ? [] : [cell.state])),
      );
      legend.show(countStates(shown), look.states);
      const { full, bars } = barsOf(runs, context.now());
      table.show({
        ...{ tasks, columns, bars, chosen: run },
        tallest: full === 0 ? '' : `up to ${formatTook(full)}`,
        labels: labelsOf(runs, preferences.zone),
        isLit: (each) => isLit(each, look.states),
      });
      cursor.keep();
    },
    leave() {},
  };
};

interface Row {
  /** From 0, not counting the row of the runs. */
  readonly row: number;
  readonly name: string;
}

/** The facts of a cell. @param row undefined for the row of the runs */
function tipAt(column: Column | undefined, row: Row | undefined, context: RunsContext): Tip {
  const [now, { zone }] = [context.now(), context.state().preferences];
  if (column === undefined) return { title: '', facts: [] };
  const { run, cells } = column;
  if (row === undefined) return runTip(run, now, zone);
  return taskTip(cells[row.row] ?? null, `${row.name}, run ${run.run}`, now, zone);
}

/** Opens a cell: the graph of a run, or the log of a task. */
function open(at: Cursor, columns: readonly Column[], tasks: readonly string[], context: RunsContext): void {
  const column = columns[at.column];
  if (column === undefined) return;
  const { run } = column.run;
  if (at.row === 0) context.look({ run, view: 'graph', task: undefined, attempt: undefined });
  else if ((column.cells[at.row - 1] ?? null) !== null)
    context.look({ run, view: 'log', task: tasks[at.row - 1], attempt: undefined });
}

function emptyWords({ job }: RunsState): string {
  return job === undefined ? 'no such job' : 'no run yet';
}
