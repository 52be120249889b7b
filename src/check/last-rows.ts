/**
 * The last rows of each sensor and window.
 *
 * Memory: as many rows of each sensor and window as are asked for.
 */

import { freshestRow } from '../readings/last-reading.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { sortedNames } from '../stats/names.ts';
import type { LastRows } from './limits.ts';

/** Which rows are wanted. */
export interface Wanted {
  isWanted(sensor: string): boolean;
  /** Undefined: of each sensor the window with the newest reading. */
  readonly window: string | undefined;
  /** How many rows of each sensor and window. */
  readonly most: number;
}

/** Collects them; rows may come in any order, and a row that comes again replaces the one before. */
export class LastRowsOf {
  readonly #wanted: Wanted;
  /** By sensor and window: rows by their end. */
  readonly #sensors = new Map<string, Map<string, StatsRow[]>>();

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  add(row: StatsRow): void {
    const { isWanted, window, most } = this.#wanted;
    if (!isWanted(row.sensor) || (window !== undefined && row.window !== window)) return;
    const windows = this.#sensors.get(row.sensor) ?? new Map<string, StatsRow[]>();
    this.#sensors.set(row.sensor, windows);
    const rows = windows.get(row.window) ?? [];
    windows.set(row.window, rows);
    const at = rows.findLastIndex(({ end }) => end <= row.end);
    if (at >= 0 && rows[at]?.end === row.end) rows[at] = row;
    else rows.splice(at + 1, 0, row);
    if (rows.length > most) rows.shift();
  }

  /** One window of each sensor, sorted by the sensor's name. */
  *all(): Generator<LastRows> {
    for (const sensor of sortedNames(this.#sensors.keys())) {
      const windows = this.#sensors.get(sensor) ?? new Map<string, StatsRow[]>();
      const newest = freshestRow([...windows.values()].flatMap((rows) => rows.at(-1) ?? []));
      if (newest !== undefined)
        yield { sensor, window: newest.window, rows: windows.get(newest.window) ?? [] };
    }
  }
}
