/** Rows of older versions, under other names of their windows: they get the one name as new rows of their sensors come. */

import type { StatsRow } from '../readings/stats-row.ts';
import { windowName } from '../readings/window-name.ts';

/**
 * The most rows under old names that a transaction renames, beside those with the keys of its own rows: few enough that
 * others who use the database, or are served by the same process, do not notice.
 */
export const MOST_RENAMED = 5000;

/** Rows of a sensor and window that have another name for it. */
export interface Renaming {
  readonly sensor: string;
  readonly window: string;
  /** The one name. */
  readonly name: string;
}

/** Undefined for a window that has its one name. */
export function renamingOf(sensor: string, window: string): Renaming | undefined {
  const name = windowName(window);
  return name === window ? undefined : { sensor, window, name };
}

/** @returns a function that finds the ends of the rows with a sensor and a window's one name */
export function endFinder(rows: readonly StatsRow[]): (renaming: Renaming) => string[] {
  const sensors = new Map<string, StatsRow[]>();
  for (const row of rows) {
    const own = sensors.get(row.sensor);
    if (own === undefined) sensors.set(row.sensor, [row]);
    else own.push(row);
  }
  return ({ sensor, name }) =>
    (sensors.get(sensor) ?? []).flatMap(({ window, end }) => (window === name ? [end] : []));
}
