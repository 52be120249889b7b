/** What a chart shows, whatever it is drawn with: one panel per sensor, one time axis for all. */

import type { OffsetAt } from '../stats/time-zone.ts';
import { joined, placeOf, type Stretch } from './chart-bucket.ts';
import type { Collected } from './chart-rows.ts';
import { usualDistance } from './downsampler.ts';

/** Neighbours that are so many usual distances apart have a gap between them. */
const GAP = 1.75;
/** Digits, of which more are noise of what computed them. */
const SIGNIFICANT = 12;
const HALF_HOUR = 1_800_000;

export interface Chart {
  readonly title: string | undefined;
  readonly panels: readonly Panel[];
  /** Epoch milliseconds; `to` is later than `from`. */
  readonly from: number;
  readonly to: number;
  readonly offsetAt: OffsetAt;
  readonly zone: string;
}

export interface Panel {
  readonly sensor: string;
  readonly window: string;
  readonly stretches: readonly Stretch[];
  readonly low: number;
  readonly high: number;
  /** In words: the minimum, the maximum and so on of all that is shown. */
  readonly summary: readonly string[];
}

/** What is asked of the axes; what is undefined follows from the rows. */
export interface Axes {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
}

export interface Frame {
  readonly title: string | undefined;
  readonly axes: Axes;
  readonly offsetAt: OffsetAt;
  readonly zone: string;
  /** Behind a number, such as ` °C`; may be empty. */
  readonly unit: string;
}

/** @param collected the rows of at least one sensor */
export function makeChart(collected: readonly Collected[], window: string, frame: Frame): Chart {
  const { title, axes, offsetAt, zone } = frame;
  return {
    title,
    panels: collected.map((rows) => makePanel(rows, window, frame)),
    ...timeSpan(collected, axes),
    offsetAt,
    zone,
  };
}

function makePanel(rows: Collected, window: string, { axes, unit }: Frame): Panel {
  const whole = rows.stretches.reduce(joined);
  const { low = Math.min(whole.min, axes.high ?? whole.min) } = axes;
  return {
    sensor: rows.sensor,
    window,
    stretches: rows.stretches,
    low,
    high: axes.high ?? Math.max(whole.max, low),
    summary: summaryOf(whole, rows, unit),
  };
}

function summaryOf(whole: Stretch, { newest, digits }: Collected, unit: string): string[] {
  const { value, average } = digits;
  const parts = [
    `min ${fixed(whole.min, value)}`,
    `max ${fixed(whole.max, value)}`,
    `avg ${fixed(whole.avg, average)}`,
    `last ${fixed(newest.avg, average)}${unit}`,
  ];
  if (whole.missing > 0) parts.push(`${whole.missing} missing`);
  return parts;
}

/** With so many decimals, as far as they mean something. */
function fixed(value: number, decimals: number): string {
  const before = Math.max(1, Math.floor(Math.log10(Math.abs(value) || 1)) + 1);
  if (before > SIGNIFICANT) return value.toExponential();
  // As with exact numbers, there is no -0.
  return value.toFixed(Math.min(decimals, SIGNIFICANT - before)).replace(/^-(?=[0.]*$)/, '');
}

/** The ends of the time axis: as asked, else those of the rows. */
function timeSpan(all: readonly Collected[], axes: Axes) {
  const whole = all.map(({ stretches }) => stretches.reduce(joined)).reduce(joined);
  const isPoint = whole.rows === 1 || whole.first === whole.last;
  // A window is shown with its whole length; of rolling windows only their ends stand on the axis.
  const rolls = whole.last === whole.end && !isPoint;
  const from = axes.from ?? (rolls ? whole.first : whole.start);
  const to = axes.to ?? whole.end;
  return to > from ? { from, to } : { from: from - HALF_HOUR, to: from + HALF_HOUR };
}

/** The stretches without gaps between them, each with at most one stretch per column of so many. */
export function runsOf({ stretches }: Panel, { from, to }: Chart, columns: number): Stretch[][] {
  const gap = (usualDistance(stretches) ?? Number.POSITIVE_INFINITY) * GAP;
  const columnOf = ({ first }: Stretch) => Math.floor(((first - from) / (to - from)) * columns);
  const runs: Stretch[][] = [];
  let before: Stretch | undefined;
  for (const stretch of stretches) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run === undefined || last === undefined || before === undefined || stretch.first - before.last >= gap)
      runs.push([stretch]);
    else if (columnOf(last) === columnOf(stretch)) run[run.length - 1] = joined(last, stretch);
    else run.push(stretch);
    before = stretch;
  }
  return runs;
}

export interface Point {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly min: number;
  readonly max: number;
  readonly avg: number;
}

/** What is drawn of a run: one row alone is as long as its window. */
export function pointsOf(run: readonly Stretch[], { stretches }: Panel): Point[] {
  const [only, second] = run;
  if (only === undefined || second !== undefined) return run.map((each) => ({ ...each, at: placeOf(each) }));
  const { start, end, first, last } = only;
  // Rolling windows overlap, so that their lengths say nothing, unless there is just one.
  const ends = first < end || stretches.length === 1 ? [start, end] : [first, last];
  return ends.map((at) => ({ ...only, at }));
}

/** Whether any row says that readings are missing. */
export function lacksReadings({ panels }: Chart): boolean {
  return panels.some(({ stretches }) => stretches.some(({ missing }) => missing > 0));
}

/** The times on the axis at which rows say that readings are missing. */
export function placesLacking(runs: readonly (readonly Stretch[])[], { from }: Chart): number[] {
  const lacking = runs.flat().filter(({ missing }) => missing > 0);
  return lacking.map(placeOf).filter((at) => at >= from);
}
