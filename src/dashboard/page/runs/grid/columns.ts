/** The columns of the grid: how many fit, the heights of their bars, and their labels. */

import { timeLabels } from '../../chart/axis-labels.ts';
import { isoText, type Zone } from '../../data/format.ts';
import type { GridJson, RunJson, TaskJson } from '../runs-json.ts';
import { timeOf, tookMs } from '../words/moments.ts';

/** Width of a cell and its gap in pixels, as in the style sheet. */
const CELL_PIXELS = 22;
/** A bar is clipped at this many times the median, so that one long run does not flatten the others. */
const LONGEST = 4;
const MIN_HEIGHT = 0.06;
const FEWEST = 6;
const MOST = 100;
/** Columns per label. */
const LABEL_COLUMNS = 4;

/** A run with its cells, by task. */
export interface Column {
  readonly run: RunJson;
  readonly cells: readonly (TaskJson | null)[];
}

/** The number of columns that fit into this width. */
export function columnsThatFit(pixels: number): number {
  return Math.min(MOST, Math.max(FEWEST, Math.floor(pixels / CELL_PIXELS)));
}

/** The number of columns to request: rounded up, so that small changes of the width request nothing new. */
export function columnsToAsk(fit: number): number {
  return Math.min(MOST, Math.ceil(fit / 10) * 10);
}

/** The newest columns that fit, newest last. */
export function columnsOf({ runs, cells }: GridJson, fit: number): readonly Column[] {
  return runs
    .slice(0, fit)
    .map((run, at) => ({ run, cells: cells[at] ?? [] }))
    .reverse();
}

/** The `before` of the next older page; undefined at the end. */
export function olderThan({ runs, next }: GridJson, fit: number): number | undefined {
  return runs.length > fit ? runs[fit - 1]?.run : (next ?? undefined);
}

/** The height of a bar, 0 to 1, and whether it is clipped. */
export interface Bar {
  readonly height: number;
  readonly isCut: boolean;
}

export interface Bars {
  /** The duration of a full bar in ms. */
  readonly full: number;
  readonly bars: readonly Bar[];
}

/** The bars of runs, by duration, or duration so far. */
export function barsOf(runs: readonly RunJson[], now: number): Bars {
  const took = runs.map(({ start, end }) => tookMs(start, end, now) ?? 0);
  const ran = took.filter((ms) => ms > 0).sort((a, b) => a - b);
  const median = ran[Math.floor(ran.length / 2)] ?? 0;
  const full = Math.min(ran.at(-1) ?? 0, median * LONGEST);
  const bars = took.map((ms) => {
    if (ms === 0 || full === 0) return { height: 0, isCut: false };
    return { height: Math.max(MIN_HEIGHT, Math.min(1, ms / full)), isCut: ms > full };
  });
  return { full, bars };
}

interface Label {
  readonly text: string;
  readonly columns: number;
}

/** Times above the columns, one for every few; the last columns may be too few for one. */
export function labelsOf(runs: readonly RunJson[], zone: Zone): readonly Label[] {
  const firsts = runs.filter((_, at) => at % LABEL_COLUMNS === 0 && at + LABEL_COLUMNS <= runs.length);
  const times = firsts.flatMap(({ scheduled }) => timeOf(scheduled) ?? []);
  const isDense = times.some((time, at) => time - (times[at - 1] ?? Number.NEGATIVE_INFINITY) < 60_000);
  const texts = timeLabels(times, isDense ? 1000 : 60_000, zone);
  const labels = texts.map((text) => ({ text, columns: LABEL_COLUMNS }));
  const rest = runs.length - firsts.length * LABEL_COLUMNS;
  return rest === 0 ? labels : [...labels, { text: '', columns: rest }];
}

/** The first and the last day of the runs: `2026-11-21 – 2026-11-22`. */
export function daysOf(runs: readonly RunJson[], zone: Zone): string {
  const days = [runs[0], runs.at(-1)].map((run) =>
    run === undefined ? '' : isoText(Date.parse(run.scheduled), zone).slice(0, 10),
  );
  return days[0] === days[1] ? (days[0] ?? '') : days.join(' – ');
}
