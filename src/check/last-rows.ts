/**
 * The last rows of each sensor and window.
 *
 * Memory: so many rows as are asked for, of each sensor and window.
 */

import { freshestRow } from '../readings/last-reading.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import type { LastRows } from './limits.ts';

/** Which rows are wanted. */
export interface Wanted {
  isWanted(sensor: string): boolean;
  /** Undefined: of each sensor that which knows the newest reading. */
  readonly window: string | undefined;
  /** How many of each. */
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
    for (const [sensor, windows] of [...this.#sensors].sort(([one], [other]) => (one < other ? -1 : 1))) {
      const newest = freshestRow([...windows.values()].flatMap((rows) => rows.at(-1) ?? []));
      if (newest !== undefined)
        yield { sensor, window: newest.window, rows: windows.get(newest.window) ?? [] };
    }
  }
}
