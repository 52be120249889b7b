/** The list of tasks beside the charts: which are drawn, with which line, and how long they take. */

import { formatCount } from '../../data/format.ts';
import { draw, make, setText } from '../../shell/dom.ts';
import { formatTook } from '../words/moments.ts';
import { type DurationSeries, rowsOfSeries } from './series.ts';

export interface ListedTask {
  readonly series: DurationSeries;
  /** Undefined if it is not drawn. */
  readonly line: { readonly color: string; readonly dash: readonly number[] } | undefined;
}

export interface TaskList {
  readonly element: HTMLElement;
  show(tasks: readonly ListedTask[]): void;
  /** Shows the values of the run at this index; medians if undefined. */
  point(at: number | undefined): void;
}

const TOTAL = 'the run';

/** @param toggle adds or removes the line of a task; undefined for the line of the runs */
export function createTaskList(toggle: (task: string | undefined) => void): TaskList {
  const body = make('tbody');
  const [took, rows] = [make('th', { scope: 'col' }, 'median'), make('th', { scope: 'col' }, 'rows')];
  const head = make(
    'thead',
    {},
    make('tr', {}, make('th', { scope: 'col', class: 'words' }, 'task'), took, rows),
  );
  let listed: readonly ListedTask[] = [];
  let pointed: number | undefined;
  const fill = () => {
    setText(took, pointed === undefined ? 'median' : 'took');
    for (const [at, { series }] of listed.entries()) {
      const cells = body.children[at]?.querySelectorAll('td');
      const [seconds, count] = valuesAt(series, pointed);
      if (cells?.[0] !== undefined) setText(cells[0], seconds === null ? '–' : formatTook(seconds * 1000));
      if (cells?.[1] !== undefined) setText(cells[1], count === null ? '' : formatCount(count));
    }
  };
  return {
    element: make('div', { class: 'duration-list' }, make('table', {}, head, body)),
    show(tasks) {
      const focused = body.contains(document.activeElement)
        ? document.activeElement?.getAttribute('data-task')
        : undefined;
      listed = tasks;
      body.replaceChildren(...tasks.map((task) => rowOf(task, toggle)));
      fill();
      if (focused != null)
        [...body.querySelectorAll('input')].find((input) => input.dataset.task === focused)?.focus();
    },
    point(at) {
      if (at === pointed) return;
      pointed = at;
      fill();
    },
  };
}

function rowOf(
  { series: { task }, line }: ListedTask,
  toggle: (task: string | undefined) => void,
): HTMLElement {
  const input = make('input', { type: 'checkbox', 'data-task': task ?? '' });
  input.checked = line !== undefined;
  input.onchange = () => toggle(task);
  const sample = draw('svg', { width: 22, height: 8, 'aria-hidden': 'true' });
  if (line !== undefined)
    sample.append(
      draw('line', {
        x1: 0,
        x2: 22,
        y1: 4,
        y2: 4,
        stroke: line.color,
        'stroke-width': 2,
        'stroke-dasharray': line.dash.join(' '),
      }),
    );
  const label = make('label', {}, input, sample, make('span', { title: task ?? TOTAL }, task ?? TOTAL));
  return make(
    'tr',
    task === undefined ? { class: 'total' } : {},
    make('th', { scope: 'row', class: 'words' }, label),
    make('td'),
    make('td'),
  );
}

/** Seconds and rows: of the run at this index, or the median and the latest row count. */
function valuesAt(series: DurationSeries, at: number | undefined): [number | null, number | null] {
  const rows = rowsOfSeries(series);
  if (at !== undefined) return [series.took[at] ?? null, rows[at] ?? null];
  return [series.median, rows.findLast((count) => count !== null) ?? null];
}
