/** A chart, independent of its renderer: one panel per sensor, all on one time axis. */

import { mapYielding } from '../async/yield-to-event-loop.ts';
import { isGap } from '../stats/gaps.ts';
import { withPrefix } from '../stats/si-prefix.ts';
import type { OffsetAt } from '../stats/time-zone.ts';
import { type ChartBucket, mergeChartBuckets, middleOf } from './chart-bucket.ts';
import type { ChartSeries } from './chart-rows.ts';
import { usualRowDistance } from './downsampler.ts';

/** Further digits are rounding noise. */
const SIGNIFICANT_DIGITS = 12;
const HALF_HOUR = 1_800_000;

export interface Chart {
  readonly title: string | undefined;
  readonly panels: readonly Panel[];
  /** In epoch ms; `to` is later than `from`. */
  readonly from: number;
  readonly to: number;
  readonly offsetAt: OffsetAt;
  readonly zone: string;
}

export interface Panel {
  readonly sensor: string;
  readonly window: string;
  /** The unit after its numbers; empty for none. */
  readonly unit: string;
  /** In chronological order; at least one. */
  readonly buckets: readonly ChartBucket[];
  readonly low: number;
  readonly high: number;
  /** Minimum, maximum and so on of all buckets, as text. */
  readonly summary: readonly string[];
}

/** The requested axis limits; an undefined one follows from the rows. */
export interface AxisLimits {
  /** In epoch ms. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** In the unit of the chart. */
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** Everything about a chart except its rows. */
export interface ChartSettings {
  readonly title: string | undefined;
  readonly axes: AxisLimits;
  readonly offsetAt: OffsetAt;
  readonly zone: string;
}

/** @param series at least one */
export async function makeChart(
  series: readonly ChartSeries[],
  window: string,
  settings: ChartSettings,
): Promise<Chart> {
  const { title, axes, offsetAt, zone } = settings;
  const wholes = await mapYielding(series, ({ buckets }) => buckets.reduce(mergeChartBuckets));
  return {
    title,
    panels: series.map((each, at) => makePanel(each, wholes[at] ?? each.newest, window, settings)),
    ...timeSpan(wholes.reduce(mergeChartBuckets), axes),
    offsetAt,
    zone,
  };
}

/** @param whole all buckets merged */
function makePanel(series: ChartSeries, whole: ChartBucket, window: string, { axes }: ChartSettings): Panel {
  const { low = Math.min(whole.min, axes.high ?? whole.min) } = axes;
  return {
    sensor: series.sensor,
    window,
    unit: series.unit,
    buckets: series.buckets,
    low,
    high: axes.high ?? Math.max(whole.max, low),
    summary: summaryOf(whole, series),
  };
}

/** The unit appears only on numbers with an SI prefix and on the last number. */
function summaryOf(whole: ChartBucket, { newest, digits, unit }: ChartSeries): string[] {
  const { value, average } = digits;
  const shown = (number: number, decimals: number) => withPrefix(number, unit) ?? fixed(number, decimals);
  const parts = [
    `min ${shown(whole.min, value)}`,
    `max ${shown(whole.max, value)}`,
    `avg ${shown(whole.avg, average)}`,
    `last ${withPrefix(newest.avg, unit) ?? `${fixed(newest.avg, average)}${unit && ` ${unit}`}`}`,
  ];
  if (isLacking(whole)) parts.push(`${whole.missing} missing`);
  return parts;
}

/** The number with these decimals, limited to its significant digits. */
function fixed(value: number, decimals: number): string {
  const before = Math.max(1, Math.floor(Math.log10(Math.abs(value) || 1)) + 1);
  if (before > SIGNIFICANT_DIGITS) return value.toExponential();
  // No -0, as with exact numbers.
  return value.toFixed(Math.min(decimals, SIGNIFICANT_DIGITS - before)).replace(/^-(?=[0.]*$)/, '');
}

/** The time axis: as requested, else from the rows. */
function timeSpan(whole: ChartBucket, axes: AxisLimits) {
  const isPoint = whole.rows === 1 || whole.first === whole.last;
  // An axis covers whole windows; rolling windows appear only by their ends.
  const rolls = whole.last === whole.end && !isPoint;
  const from = axes.from ?? (rolls ? whole.first : whole.start);
  const to = axes.to ?? whole.end;
  return to > from ? { from, to } : { from: from - HALF_HOUR, to: from + HALF_HOUR };
}

/** Splits the buckets at gaps, and merges them to at most one per column of the chart. */
export function segmentsOf({ buckets }: Panel, { from, to }: Chart, columns: number): ChartBucket[][] {
  const usual = usualRowDistance(buckets);
  const columnOf = ({ first }: ChartBucket) => Math.floor(((first - from) / (to - from)) * columns);
  const segments: ChartBucket[][] = [];
  let before: ChartBucket | undefined;
  for (const bucket of buckets) {
    const segment = segments.at(-1);
    const last = segment?.at(-1);
    if (
      segment === undefined ||
      last === undefined ||
      before === undefined ||
      isGap(bucket.first - before.last, usual)
    )
      segments.push([bucket]);
    else if (columnOf(last) === columnOf(bucket))
      segment[segment.length - 1] = mergeChartBuckets(last, bucket);
    else segment.push(bucket);
    before = bucket;
  }
  return segments;
}

export interface Point {
  /** In epoch ms. */
  readonly at: number;
  readonly min: number;
  readonly max: number;
  readonly avg: number;
}

/** The points to draw of a segment. A single row is as long as its window. */
export function pointsOf(segment: readonly ChartBucket[], { buckets }: Panel): Point[] {
  const [only, second] = segment;
  if (only === undefined || second !== undefined)
    return segment.map((bucket) => ({ ...bucket, at: middleOf(bucket) }));
  const { start, end, first, last } = only;
  // Rolling windows overlap, so only a lone one is drawn with its length.
  const ends = first < end || buckets.length === 1 ? [start, end] : [first, last];
  return ends.map((at) => ({ ...only, at }));
}

/** Whether any row reports missing readings. */
export function lacksReadings({ panels }: Chart): boolean {
  return panels.some(({ buckets }) => buckets.some(isLacking));
}

/** Positions of rows that report missing readings, in epoch ms. */
export function timesLacking(segments: readonly (readonly ChartBucket[])[], { from }: Chart): number[] {
  return segments
    .flat()
    .filter(isLacking)
    .map(middleOf)
    .filter((at) => at >= from);
}

function isLacking({ missing = 0 }: ChartBucket): boolean {
  return missing > 0;
}
