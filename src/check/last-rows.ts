/**
 * Collects the last rows of each sensor and window.
 *
 * Memory: the wanted number of rows for each sensor and window.
 */

import { freshestRow } from '../readings/last-reading.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { sortedNames } from '../stats/names.ts';
import type { LastRows } from './limits.ts';

/** Which rows to collect. */
export interface Wanted {
  isWanted(sensor: string): boolean;
  /** Undefined: for each sensor, the window with the newest reading. */
  readonly window: string | undefined;
  /** Number of rows for each sensor and window. */
  readonly most: number;
}

/** Accepts rows in any order; a row with the same end replaces the earlier one. */
export class LastRowsOf {
  readonly #wanted: Wanted;
  /** By sensor and window: rows ordered by their end. */
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

  /** One window of each sensor, ordered by sensor. */
  *all(): Generator<LastRows> {
    for (const sensor of sortedNames(this.#sensors.keys())) {
      const windows = this.#sensors.get(sensor) ?? new Map<string, StatsRow[]>();
      const newest = freshestRow([...windows.values()].flatMap((rows) => rows.at(-1) ?? []));
      if (newest !== undefined)
        yield { sensor, window: newest.window, rows: windows.get(newest.window) ?? [] };
    }
  }
}
