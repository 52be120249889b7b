/** Charts of task durations by run, and of the rows that tasks wrote. */

import { formatCount } from '../../data/format.ts';
import { make, setText } from '../../shell/dom.ts';
import { lineOf } from '../../shell/theme.ts';
import { daysOf } from '../grid/columns.ts';
import { createPager } from '../parts/pager.ts';
import { createUnchanged } from '../parts/unchanged.ts';
import type { RunJson } from '../runs-json.ts';
import type { MountView, RunsState } from '../view.ts';
import { formatShort, formatTook } from '../words/moments.ts';
import { type ChartBox, createChartBox } from './chart-box.ts';
import type { ChartLine } from './run-chart.ts';
import { byMedian, type DurationSeries, rowsOfSeries, seriesOf, slowest } from './series.ts';
import { createTaskList } from './task-list.ts';

const MAX_RUNS = 100;
/** One task per line colour. */
const DEFAULT_TASKS = 5;

/** In seconds. */
const ROUND_TIMES = [
  ...[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800],
  ...[1, 2, 3, 6, 12, 24, 48, 120, 240].map((hours) => hours * 3600),
];
const ROUND_COUNTS = Array.from({ length: 12 }, (_, power) =>
  [1, 2, 5].map((each) => each * 10 ** power),
).flat();

/** Mounts the charts. */
export const mount: MountView = (element, context) => {
  /** Undefined until the user has chosen; '' is the run itself. */
  let chosen: readonly string[] | undefined;
  const isUnchanged = createUnchanged();
  const pager = createPager(context);
  const title = make('p', { class: 'muted' });
  const note = make('p', { class: 'note muted', role: 'status' });
  const boxes = { took: createChartBox('How long it took'), rows: createChartBox('Rows') };
  const list = createTaskList((task) => {
    chosen = toggled(chosen ?? [], task ?? '');
    context.render();
  });
  const charts = make('div', { class: 'duration-charts' }, boxes.took.element, boxes.rows.element);
  const frame = make('div', { class: 'duration-frame' }, charts, list.element);
  element.append(make('div', { class: 'view-head' }, title, pager.element), note, frame);
  return {
    show(state) {
      const grid = context.grid(MAX_RUNS);
      const words = grid === undefined ? 'loading' : grid.runs.length === 0 ? 'no run yet' : '';
      setText(note, words);
      frame.hidden = words !== '';
      if (grid === undefined || words !== '') return;
      chosen ??= ['', ...slowest(seriesOf(grid), DEFAULT_TASKS)];
      if (isUnchanged([grid, chosen, state.preferences, state.theme, state.look])) return;
      const all = seriesOf(grid);
      const runs = grid.runs.toReversed();
      const { zone } = state.preferences;
      pager.show(grid.next ?? undefined, daysOf(runs, zone), runs);
      setText(title, `${formatCount(runs.length)} runs; a cross is a failure`);
      const drawn = drawnOf(all, chosen, state);
      const lineOfSeries = (series: DurationSeries) => drawn.find((each) => each.series === series)?.line;
      list.show(
        [...all.slice(0, 1), ...byMedian(all)].map((series) => ({ series, line: lineOfSeries(series) })),
      );
      drawCharts(boxes, drawn, runs, state, { now: context.now(), point: list.point });
    },
    leave() {
      for (const box of Object.values(boxes)) box.clear();
      isUnchanged.forget();
    },
  };
};

function toggled(names: readonly string[], name: string): readonly string[] {
  return names.includes(name) ? names.filter((each) => each !== name) : [...names, name];
}

interface Drawn {
  readonly series: DurationSeries;
  readonly line: { readonly color: string; readonly dash: readonly number[] };
}

/** The chosen series with their lines; the line of the runs is grey. */
function drawnOf(
  all: readonly DurationSeries[],
  chosen: readonly string[],
  { theme }: RunsState,
): readonly Drawn[] {
  const tasks = chosen.filter((name) => name !== '');
  return chosen.flatMap((name) => {
    const series = all.find(({ task }) => (task ?? '') === name);
    if (series === undefined) return [];
    const line = name === '' ? { color: theme.muted, dash: [2, 3] } : lineOf(theme, tasks.indexOf(name));
    return [{ series, line }];
  });
}

interface Pointing {
  readonly now: number;
  /** Shows the values of the run at this index. */
  readonly point: (at: number | undefined) => void;
}

function drawCharts(
  { took, rows }: { readonly took: ChartBox; readonly rows: ChartBox },
  drawn: readonly Drawn[],
  runs: readonly RunJson[],
  { theme, preferences: { zone } }: RunsState,
  { now, point }: Pointing,
): void {
  const time = (at: number) => formatShort(toMinute(Date.parse(runs[at]?.scheduled ?? '')), now, zone);
  const failedColor = getComputedStyle(document.documentElement).getPropertyValue('--failed-page').trim();
  const look = {
    runLabel: time,
    runName: (at: number) => `run ${runs[at]?.run}, ${time(at)}`,
    theme,
    failedColor,
  };
  const lines = drawn.map(({ series, line }) => ({ ...line, values: series.took, failed: series.failed }));
  const seconds = (value: number) => (value === 0 ? '0' : formatTook(value * 1000));
  took.show({ ...look, lines, valueLabel: seconds, steps: ROUND_TIMES }, point);
  const counted = drawn.filter(
    ({ series }) => series.task !== undefined && rowsOfSeries(series).some((count) => count !== null),
  );
  rows.show({ ...look, lines: rowLines(counted), valueLabel: formatCount, steps: ROUND_COUNTS }, point);
}

/** Truncates to minutes: seconds would not fit below a chart. */
function toMinute(time: number): number {
  return Math.floor(time / 60_000) * 60_000;
}

/** For one task, the rows it read (dotted) and wrote; for several, the rows each wrote. */
function rowLines(counted: readonly Drawn[]): readonly ChartLine[] {
  const [only, ...others] = counted;
  if (only === undefined || others.length > 0)
    return counted.map(({ series, line }) => ({
      ...line,
      values: rowsOfSeries(series),
      failed: series.failed,
    }));
  const { series, line } = only;
  const read = { ...line, dash: [2, 3], values: series.rowsIn, failed: [] };
  return [read, { ...line, dash: [], values: series.rowsOut, failed: series.failed }];
}
