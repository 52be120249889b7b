/** The grid as a table: a row for the runs, and one per task. Rebuilt when runs or tasks change, otherwise updated in place. */

import { draw, make } from '../../shell/dom.ts';
import type { TaskJson } from '../runs-json.ts';
import { itemCounts, stateClass, stateLetter } from '../states/states.ts';
import { stateText } from '../tips/run-tip.ts';
import { tipSentence } from '../tips/task-tip.ts';
import { setTip } from '../tips/tip.ts';
import type { Tip } from '../tips/tip-text.ts';
import type { Bar, Column } from './columns.ts';
import type { Cursor } from './cursor.ts';

const BAR_HEIGHT = 52;
const SPLIT_WIDTH = 16;
const SPLIT_HEIGHT = 3;

export interface GridLook {
  readonly tasks: readonly string[];
  readonly columns: readonly Column[];
  readonly bars: readonly Bar[];
  readonly labels: readonly { readonly text: string; readonly columns: number }[];
  /** The duration of a full bar, as text. */
  readonly tallest: string;
  readonly chosen: number | undefined;
  /** Whether cells in this state are highlighted. */
  readonly isLit: (state: TaskJson['state']) => boolean;
}

export interface GridTable {
  readonly element: HTMLTableElement;
  /** Cells by row and column, starting with the row of the runs. */
  cells(): readonly (readonly HTMLTableCellElement[])[];
  show(look: GridLook): void;
}

/** An empty table. @param tipAt the facts of a cell */
export function createGridTable(tipAt: (at: Cursor) => Tip): GridTable {
  const element = make('table', { class: 'task-grid', role: 'grid', 'aria-label': 'Tasks by runs' });
  let cells: HTMLTableCellElement[][] = [];
  let made = '';
  return {
    element,
    cells: () => cells,
    show(look) {
      const runs = look.columns.map(({ run }) => run.run);
      const key = JSON.stringify([look.tasks, runs, look.labels, look.tallest]);
      if (key !== made) {
        made = key;
        cells = [look.columns.map(runCell), ...look.tasks.map(() => look.columns.map(() => make('td')))];
        element.replaceChildren(head(look, cells[0] ?? []), body(look, cells.slice(1)));
        for (const [row, line] of cells.entries())
          for (const [column, cell] of line.entries()) prepare(cell, () => tipAt({ row, column }));
      }
      for (const [at, column] of look.columns.entries()) update(look, column, at, cells);
    },
  };
}

function prepare(cell: HTMLTableCellElement, tip: () => Tip): void {
  cell.setAttribute('role', 'gridcell');
  cell.tabIndex = -1;
  setTip(cell, tip);
  // Created on focus: it changes each second, and there are thousands of cells.
  cell.addEventListener('focus', () => cell.setAttribute('aria-label', tipSentence(tip())));
}

function runCell(): HTMLTableCellElement {
  const bar = draw('rect', { x: 0, width: 18, rx: 2 });
  const svg = draw('svg', { width: 18, height: BAR_HEIGHT, 'aria-hidden': 'true' }, bar);
  svg.append(draw('path', { class: 'cut', d: 'M-1 9 L19 5' }));
  return make('td', {}, svg);
}

function head({ labels, tallest }: GridLook, runs: readonly HTMLElement[]): HTMLElement {
  const times = labels.map(({ text, columns }) => {
    const [clock = '', day = ''] = text.split('\n');
    return make(
      'td',
      { colspan: String(columns) },
      make('span', {}, day === '' ? '\u00a0' : day),
      make('span', {}, clock),
    );
  });
  const highest = make('small', { class: 'muted' }, tallest);
  return make(
    'thead',
    {},
    make('tr', { class: 'times', 'aria-hidden': 'true' }, make('td'), ...times),
    make('tr', { class: 'bars' }, make('th', { scope: 'row', class: 'task-name' }, 'run', highest), ...runs),
  );
}

function body({ tasks, columns }: GridLook, rows: readonly (readonly HTMLElement[])[]): HTMLElement {
  const lines = tasks.map((name, at) => {
    const items = columns.findLast(({ cells }) => (cells[at]?.items ?? null) !== null)?.cells[at]?.items;
    const count = Object.values(items ?? {}).reduce((sum, each) => sum + (each ?? 0), 0);
    const title = make('th', { scope: 'row', class: 'task-name', title: name }, make('span', {}, name));
    if (count > 0) title.append(make('small', { class: 'muted' }, `\u00d7${count}`));
    return make('tr', {}, title, ...(rows[at] ?? []));
  });
  return make('tbody', {}, ...lines);
}

function update(look: GridLook, column: Column, at: number, cells: readonly HTMLTableCellElement[][]): void {
  const { run } = column;
  const isChosen = run.run === look.chosen;
  const [runCell, ...taskCells] = cells.map((row) => row[at]);
  if (runCell !== undefined) {
    setClass(runCell, ['run', stateClass(run.state), isChosen && 'chosen', !look.isLit(run.state) && 'dim']);
    setLabel(runCell, `run ${run.run}, ${stateText(run)}`);
    setBar(runCell, look.bars[at] ?? { height: 0, isCut: false });
  }
  for (const [row, cell] of taskCells.entries()) {
    if (cell === undefined) continue;
    const task = column.cells[row] ?? null;
    setLabel(
      cell,
      `${look.tasks[row]}, run ${run.run}, ${task === null ? 'not in this run' : stateText(task)}`,
    );
    const state = task === null ? 'absent' : stateClass(task.state);
    const isDim = task !== null && !look.isLit(task.state);
    setClass(cell, ['cell', state, isChosen && 'chosen', isDim && 'dim']);
    setTask(cell, task);
  }
}

function setTask(cell: HTMLElement, task: TaskJson | null): void {
  const letter = task === null ? '' : stateLetter(task.state);
  const counts = task === null ? [] : itemCounts(task);
  const key = JSON.stringify([letter, counts]);
  if (cell.dataset.shown === key) return;
  cell.dataset.shown = key;
  cell.replaceChildren(letter);
  if (counts.length > 0) cell.append(splitBar(counts));
}

/** Items by state, side by side. */
function splitBar(counts: ReturnType<typeof itemCounts>): SVGElement {
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  const svg = draw('svg', {
    class: 'split',
    width: SPLIT_WIDTH,
    height: SPLIT_HEIGHT,
    'aria-hidden': 'true',
  });
  let x = 0;
  for (const [state, count] of counts) {
    const width = (count / all) * SPLIT_WIDTH;
    svg.append(draw('rect', { class: stateClass(state), x, width, height: SPLIT_HEIGHT }));
    x += width;
  }
  return svg;
}

function setBar(cell: HTMLElement, { height, isCut }: Bar): void {
  const pixels = Math.round(height * BAR_HEIGHT);
  const rect = cell.querySelector('rect');
  rect?.setAttribute('y', String(BAR_HEIGHT - pixels));
  rect?.setAttribute('height', String(pixels));
  cell.querySelector('.cut')?.setAttribute('visibility', isCut ? 'visible' : 'hidden');
}

function setClass(cell: HTMLElement, names: readonly (string | false)[]): void {
  const text = names.filter((name) => name !== false).join(' ');
  if (cell.className !== text) cell.className = text;
}

function setLabel(cell: HTMLElement, label: string): void {
  // A focused cell has its full label.
  if (cell !== document.activeElement && cell.getAttribute('aria-label') !== label)
    cell.setAttribute('aria-label', label);
}
