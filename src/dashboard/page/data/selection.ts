/** What is shown now: it follows from what is looked at, from what there is, and from the time. */

import { chosenWindow, extent, MOST_TOGETHER, shownSensors } from './catalog.ts';
import type { Entry, Question } from './series-json.ts';
import { firstRange, type RangeName, type Span, spanOf, widened } from './time-range.ts';
import type { View } from './view.ts';

/** A chart that follows the clock moves in steps of this part of its length, about a pixel. */
const LIVE_STEP = 1 / 1200;
const FEWEST_POINTS = 200;
const MOST_POINTS = 4000;

export interface Scene {
  readonly window: string;
  /** Those that are shown, and how many there would be. */
  readonly sensors: readonly string[];
  readonly of: number;
  /** From the first to the last row of theirs. */
  readonly rows: Span | undefined;
  readonly range: RangeName;
  readonly span: Span;
  /** Whether the newest rows are shown when they come. */
  readonly isLive: boolean;
  /** The sensors of each chart. */
  readonly groups: readonly (readonly string[])[];
}

/** What should be there. */
export interface Wanted {
  readonly sensors: readonly string[];
  readonly window: string;
  /** The stretch that has to be there, and the longer one that is asked for. */
  readonly least: Span;
  readonly span: Span;
  /** How much is shown, in milliseconds, and at most how many rows of it. */
  readonly shown: number;
  readonly points: number;
}

export function sceneOf(entries: readonly Entry[], view: View, filter: string, now: number): Scene {
  const window = chosenWindow(entries, view.window) ?? '';
  const all = shownSensors(entries, view, filter);
  const isTogether = view.layout === 'together' && all.length > 1;
  const sensors = isTogether || view.show === 'table' ? all.slice(0, MOST_TOGETHER) : all;
  const rows = extent(entries, window, sensors);
  const range = view.range ?? firstRange(now, rows);
  const length = spanOf(range, now, rows).to - spanOf(range, now, rows).from;
  const step = Math.max(1000, length * LIVE_STEP);
  return {
    window,
    sensors,
    of: all.length,
    rows,
    range,
    span: view.zoom ?? spanOf(range, Math.ceil(now / step) * step, rows),
    isLive: view.zoom === undefined,
    groups: isTogether ? [sensors] : sensors.map((sensor) => [sensor]),
  };
}

/** The rows that a scene needs of these sensors, for a chart of so many pixels. */
export function wantedFor(
  { window, span, isLive }: Scene,
  sensors: readonly string[],
  pixels: number,
): Wanted {
  const more = widened(span);
  const points = Math.ceil((pixels * (more.to - more.from)) / (span.to - span.from) / 100) * 100;
  return {
    sensors,
    window,
    least: isLive ? { ...span, to: Infinity } : span,
    span: isLive ? { ...more, to: Infinity } : more,
    shown: span.to - span.from,
    points: Math.min(Math.max(points, FEWEST_POINTS), MOST_POINTS),
  };
}

/** All rows in the scene, unthinned. */
export function questionFor({ window, span, sensors, isLive }: Scene): Question {
  return { sensors, window, from: span.from, to: isLive ? Infinity : span.to, points: undefined };
}
