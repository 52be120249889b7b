/** What is displayed: derived from the view, the series of the store, and the time. */

import { extent, MAX_TOGETHER, shownSensors, windowsOf } from './catalog.ts';
import { fittingWindow } from './fitting-window.ts';
import { groupedBy } from './grouping.ts';
import type { Entry, RowsQuery } from './series-json.ts';
import { unitOf } from './series-look.ts';
import { firstRange, type RangeName, type Span, spanOf, widened } from './time-range.ts';
import type { View } from './view.ts';

/** A live chart advances in steps of this fraction of its span, about a pixel. */
const LIVE_STEP = 1 / 1200;
const FEWEST_POINTS = 200;
const MAX_POINTS = 4000;
/** A chart has one axis on each side. */
const MAX_UNITS = 2;
const DAY_MS = 86_400_000;
/** With less width per day, a daily cycle merges into a solid block. */
const DAY_PIXELS = 12;

/** The displayed sensors and time span. */
export interface Selection {
  readonly window: string;
  /** Whether the window was chosen to fit the span, not by the user. */
  readonly isFitting: boolean;
  /** The displayed sensors, and the number of all that match. */
  readonly sensors: readonly string[];
  readonly of: number;
  /** From their first to their last row; undefined without rows. */
  readonly rows: Span | undefined;
  readonly range: RangeName;
  readonly span: Span;
  /** Whether the chart follows the newest rows. */
  readonly isLive: boolean;
  /** The sensors of each chart. */
  readonly groups: readonly (readonly string[])[];
}

/** The rows that charts need. */
export interface RowsNeeded {
  readonly sensors: readonly string[];
  readonly window: string;
  /** The span that must be loaded, and the wider one to request. */
  readonly least: Span;
  readonly span: Span;
  /** The visible span in ms, and the maximum number of rows of `span` per sensor. */
  readonly shown: number;
  readonly points: number;
  /** At most one row per this many ms; undefined for as many as `points` allows. */
  readonly step: number | undefined;
}

/** What a view shows. @param filter a part of sensor names @param now the server's clock in epoch ms */
export function selectionOf(entries: readonly Entry[], view: View, filter: string, now: number): Selection {
  const all = shownSensors(entries, view, filter);
  const isTogether = view.layout === 'together' && all.length > 1;
  const sensors = isTogether || view.show === 'table' ? all.slice(0, MAX_TOGETHER) : all;
  const asked = windowsOf(entries).find((window) => window === view.window);
  const rows = extent(entries, asked, sensors);
  const range = view.range ?? firstRange(now, rows);
  const length = spanOf(range, now, rows).to - spanOf(range, now, rows).from;
  const step = Math.max(1000, length * LIVE_STEP);
  const span = view.zoom ?? spanOf(range, Math.ceil(now / step) * step, rows);
  const own = new Set(sensors);
  const shown = entries.filter(({ sensor }) => own.has(sensor));
  const window = asked ?? fittingWindow(shown, span) ?? '';
  return {
    window,
    isFitting: asked === undefined,
    sensors,
    of: all.length,
    rows,
    range,
    span,
    isLive: view.zoom === undefined,
    groups: isTogether ? groupsOf(sensors, shown, window) : sensors.map((sensor) => [sensor]),
  };
}

/** All sensors in one chart, or a chart per unit if there are more units than axes. */
function groupsOf(sensors: readonly string[], entries: readonly Entry[], window: string): string[][] {
  const bySensor = groupedBy(entries, ({ sensor }) => sensor);
  const byUnit = groupedBy(sensors, (sensor) => unitOf(bySensor.get(sensor) ?? [], window));
  return byUnit.size > MAX_UNITS ? [...byUnit.values()] : [[...sensors]];
}

/** The rows of these sensors for a chart of this many pixels. */
export function rowsNeeded(
  { window, isFitting, span, isLive }: Selection,
  sensors: readonly string[],
  pixels: number,
): RowsNeeded {
  const more = widened(span);
  const points = Math.ceil((pixels * (more.to - more.from)) / (span.to - span.from) / 100) * 100;
  return {
    sensors,
    window,
    least: isLive ? { ...span, to: Infinity } : span,
    span: isLive ? { ...more, to: Infinity } : more,
    shown: span.to - span.from,
    points: Math.min(Math.max(points, FEWEST_POINTS), MAX_POINTS),
    step: isFitting && pixels * DAY_MS < DAY_PIXELS * (span.to - span.from) ? DAY_MS : undefined,
  };
}

/** The query for all displayed rows, unthinned. */
export function queryOf({ window, span, sensors, isLive }: Selection): RowsQuery {
  return { sensors, window, from: span.from, to: isLive ? Infinity : span.to };
}
