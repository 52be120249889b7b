/** The columns of the grid: which fit, how high their bars are, and what stands above them. */

import { timeLabels } from '../../chart/axis-labels.ts';
import { isoText, type Zone } from '../../data/format.ts';
import type { GridJson, RunJson, TaskJson } from '../runs-json.ts';
import { timeOf, tookMs } from '../words/moments.ts';

/** Of a cell and the room beside it, in pixels, as the style sheet has it. */
const CELL_PIXELS = 22;
/** A run that took more times the median than this does not make the others flat: its bar is cut. */
const LONGEST = 4;
const LEAST_HEIGHT = 0.06;
const FEWEST = 6;
const MOST = 100;
/** Columns under one label. */
const LABEL_COLUMNS = 4;

/** A run with its cells, by task. */
export interface Column {
  readonly run: RunJson;
  readonly cells: readonly (TaskJson | null)[];
}

/** How many columns have room in so many pixels. */
export function columnsThatFit(pixels: number): number {
  return Math.min(MOST, Math.max(FEWEST, Math.floor(pixels / CELL_PIXELS)));
}

/** How many to ask for: a round number, so that a window that is a little wider asks for nothing new. */
export function columnsToAsk(fit: number): number {
  return Math.min(MOST, Math.ceil(fit / 10) * 10);
}

/** The newest columns that fit, the newest at the end. */
export function columnsOf({ runs, cells }: GridJson, fit: number): readonly Column[] {
  return runs
    .slice(0, fit)
    .map((run, at) => ({ run, cells: cells[at] ?? [] }))
    .reverse();
}

/** `before` of the columns that are older than these; undefined at the end. */
export function olderThan({ runs, next }: GridJson, fit: number): number | undefined {
  return runs.length > fit ? runs[fit - 1]?.run : (next ?? undefined);
}

/** How high a bar is, 0 to 1, and whether it is cut. */
export interface Bar {
  readonly height: number;
  readonly isCut: boolean;
}

export interface Bars {
  /** Milliseconds that a bar of the full height stands for. */
  readonly full: number;
  readonly bars: readonly Bar[];
}

/** The bars of runs by how long they took, or take until now. */
export function barsOf(runs: readonly RunJson[], now: number): Bars {
  const took = runs.map(({ start, end }) => tookMs(start, end, now) ?? 0);
  const ran = took.filter((ms) => ms > 0).sort((a, b) => a - b);
  const median = ran[Math.floor(ran.length / 2)] ?? 0;
  const full = Math.min(ran.at(-1) ?? 0, median * LONGEST);
  const bars = took.map((ms) => {
    if (ms === 0 || full === 0) return { height: 0, isCut: false };
    return { height: Math.max(LEAST_HEIGHT, Math.min(1, ms / full)), isCut: ms > full };
  });
  return { full, bars };
}

interface Label {
  readonly text: string;
  readonly columns: number;
}

/** Times above the columns, each over a few of them; the last ones may be too few for one. */
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
