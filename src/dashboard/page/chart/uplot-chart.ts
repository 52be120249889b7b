/** One chart: for each sensor, a band from minimum to maximum and a line of averages. */

import uPlot from 'uplot';
import { cursorTime, firstEndingAt, type Row, rowAt } from '../data/row.ts';
import type { SensorRows } from '../data/series-json.ts';
import type { Span } from '../data/time-range.ts';
import { make } from '../shell/dom.ts';
import { lineOf } from '../shell/theme.ts';
import { lonely, toColumns } from './chart-columns.ts';
import { type ChartSetting, chartOptions, SERIES, sizeOf } from './chart-options.ts';
import { attachGestures } from './gestures.ts';
import { drawLimitNames, drawLimits } from './limit-lines.ts';
import { drawBars, drawMissing } from './marks.ts';
import { briefTip, placeTip, rowsTip, rowTip, type TipRow } from './tooltip.ts';

/** Within this distance of a row, the cursor is at it. */
const REACH_PIXELS = 12;
const FIRST = 'first chart';

/** Join modes for uPlot's columns, times first: a sensor's gap extends over the times of others. */
const GAPS = [1, 2, 2, 2];

/** The chart under the pointer; the cursors of the others follow it. */
let leader: uPlot | undefined;

/** A chart in its element. */
export interface Chart {
  /** Draws the rows of the visible sensors; redraws only when rows, span or hidden sensors change. */
  show(series: readonly SensorRows[], span: Span, hidden: readonly string[]): void;
  /** Moves the cursor by this many rows of the first sensor. @returns the row now at the cursor */
  step(by: number): Row | undefined;
  hideCursor(): void;
  canvas(): HTMLCanvasElement;
  destroy(): void;
}

/** A chart of the sensors of its setting, sized to its element. */
export function createChart(host: HTMLElement, setting: ChartSetting): Chart {
  let shown: readonly SensorRows[] = [];
  let span: Span = setting.moves.span();
  let hidden: readonly string[] = [];
  const tip = make('div', { class: 'tip', hidden: '' });
  const options = chartOptions(host, setting, {
    span: () => span,
    hidden: () => hidden,
    drawBelow(drawn) {
      if (!setting.without.includes('limits')) drawLimits(drawn, { ...setting, hidden });
    },
    draw(drawn) {
      drawMarks(drawn, shown, setting);
      if (!setting.without.includes('limits')) drawLimitNames(drawn, { ...setting, hidden });
    },
    cursor: (moved) => showTip(tip, moved, rowsAtCursor(moved, shown, setting), setting),
  });
  const chart = new uPlot(options, align([], setting, span), host);
  chart.over.append(tip);
  const lead = () => {
    leader = chart;
  };
  for (const type of ['pointermove', 'pointerdown']) chart.over.addEventListener(type, lead);
  attachGestures(chart, setting.moves);
  const sizes = followSize(chart, host);
  return {
    show(series, next, left) {
      const isOther = series.length !== shown.length || series.some((each, at) => each !== shown[at]);
      if (!isOther && next.from === span.from && next.to === span.to) return;
      [shown, span, hidden] = [series, next, left];
      if (isOther) chart.setData(align(series, setting, span));
      else chart.setScale('x', { min: span.from, max: span.to });
    },
    step(by) {
      lead();
      const rows = shown[0]?.rows ?? [];
      const at = stepped(chart, rows, by, span);
      chart.setCursor({ left: chart.valToPos(cursorTime(rows, at, span.from, span.to), 'x'), top: 0 });
      return rows[at];
    },
    hideCursor: () => chart.setCursor({ left: -10, top: -10 }),
    canvas: () => chart.ctx.canvas,
    destroy() {
      sizes.disconnect();
      chart.destroy();
    },
  };
}

function followSize(chart: uPlot, host: HTMLElement): ResizeObserver {
  const sizes = new ResizeObserver(() => chart.setSize(sizeOf(host)));
  sizes.observe(host);
  return sizes;
}

/** Joins the columns of all sensors; without rows, two empty times, because uPlot would otherwise draw no axes. */
function align(
  series: readonly SensorRows[],
  { looks, without }: ChartSetting,
  span: Span,
): uPlot.AlignedData {
  const tables = looks.map(({ display }, at) => toColumns(series[at]?.rows ?? [], display, without));
  if (tables.every(([times]) => times.length === 0))
    return [
      [span.from, span.to],
      ...looks.flatMap(() => [
        [null, null],
        [null, null],
        [null, null],
      ]),
    ];
  return uPlot.join(
    tables,
    tables.map(() => GAPS),
  );
}

/** The index of the row `by` rows from the cursor, within the span. */
function stepped(chart: uPlot, rows: readonly Row[], by: number, span: Span): number {
  const first = firstEndingAt(rows, span.from + 1);
  const last = Math.max(first, Math.min(firstEndingAt(rows, span.to), rows.length - 1));
  const { left = -1 } = chart.cursor;
  const row = left < 0 ? undefined : rowAt(rows, chart.posToVal(left, 'x'), Infinity);
  // Without a cursor, start just outside the first or last row.
  const at = row === undefined ? (by < 0 ? last + 1 : first - 1) : rows.indexOf(row);
  return Math.min(Math.max(at + by, first), last);
}

function rowsAtCursor(chart: uPlot, series: readonly SensorRows[], { theme, looks }: ChartSetting): TipRow[] {
  const { left = -1 } = chart.cursor;
  if (left < 0) return [];
  const time = chart.posToVal(left, 'x');
  const reach = chart.posToVal(left + REACH_PIXELS, 'x') - time;
  return looks.flatMap((look, at) => {
    const row = rowAt(series[at]?.rows ?? [], time, reach);
    return row === undefined ? [] : [{ look, row, line: lineOf(theme, at) }];
  });
}

function showTip(tip: HTMLElement, chart: uPlot, rows: readonly TipRow[], setting: ChartSetting): void {
  const [first] = rows;
  tip.hidden = first === undefined;
  if (first === undefined) return;
  const shown = { zone: setting.zone, now: setting.now() };
  const isOwn = chart === leader;
  tip.classList.toggle('brief', !isOwn && setting.looks.length === 1);
  if (setting.looks.length > 1) tip.replaceChildren(...rowsTip(rows, shown));
  else tip.replaceChildren(...(isOwn ? rowTip(first, shown) : briefTip(first)));
  placeTip(tip, chart.cursor.left ?? 0, 4, chart.over.clientWidth);
}

function drawMarks(chart: uPlot, series: readonly SensorRows[], { theme, without, now }: ChartSetting): void {
  if (series.some(({ rows }) => rows.length > 0)) markFirst();
  for (const [at, { rows }] of series.entries()) {
    const average = (at + 1) * SERIES;
    drawBars(chart, lonely(chart.data[average - 2] ?? []), average, lineOf(theme, at).band);
    if (without.includes('missing')) continue;
    const color = series.length === 1 ? theme.missing : lineOf(theme, at).color;
    drawMissing(chart, { rows, color, level: at, now: now() });
  }
}

/** A performance mark for benchmarks: the first chart is drawn. */
function markFirst(): void {
  if (performance.getEntriesByName(FIRST).length === 0) performance.mark(FIRST);
}
