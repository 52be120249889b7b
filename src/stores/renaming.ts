/** Rows of older versions under other names of their windows, which get the one name as rows of their sensors come. */

import type { StatsRow } from '../readings/stats-row.ts';
import { windowName } from '../readings/window-name.ts';

/**
 * Rows under old names that one transaction renames beside those with the keys of its own: so few that whoever else uses the
 * database, or is served by the same process, does not notice.
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

/** @returns what finds the ends of those of the rows that have a sensor and window by its one name */
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
