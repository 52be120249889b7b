/** Gradual renaming of windows from older versions to their canonical names, as new rows of their sensors arrive. */

import type { StatsRow } from '../readings/stats-row.ts';
import { windowName } from '../readings/window-name.ts';

/**
 * Maximum number of rows to rename per transaction, besides those with the keys of its own rows: few enough not to
 * disturb other users of the database or the process.
 */
export const MAX_RENAMED = 5000;

/** Rows of a sensor whose window has an old name. */
export interface Renaming {
  readonly sensor: string;
  readonly window: string;
  /** The canonical name. */
  readonly name: string;
}

/** Undefined for a window with its canonical name. */
export function renamingOf(sensor: string, window: string): Renaming | undefined {
  const name = windowName(window);
  return name === window ? undefined : { sensor, window, name };
}

/** @returns a function that finds the ends of rows with the same sensor and canonical window name */
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
