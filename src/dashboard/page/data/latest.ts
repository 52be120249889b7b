/** The latest value of a sensor, and its age. */

import { freshest } from '../../../stats/freshest.ts';
import { formatAge, formatTime, isLate, mostDecimals, type Zone } from './format.ts';
import type { Row } from './row.ts';
import type { Entry } from './series-json.ts';

/** Tolerated clock skew. */
const TOLERANCE_MS = 2000;

interface Latest {
  /** In the unit of the series; null if the row has no usable reading. */
  readonly value: number | null;
  readonly decimals: number;
  /** What the value is, and how old. */
  readonly age: string;
  readonly isLate: boolean;
  /** The row with the value. */
  readonly row: Row;
}

/**
 * The latest value, from the series with the newest reading: the last reading if the row has it, else the average;
 * undefined without entries.
 */
export function latestOf(entries: readonly Entry[], now: number, zone: Zone): Latest | undefined {
  const entry = freshest(entries, ({ window, latest: { start, end }, lastTime }) => ({
    ...{ window, start, end, lastTime },
  }));
  if (entry === undefined) return undefined;
  const { latest, every } = entry;
  const reading = latest.further.find(([name]) => name === 'last')?.[1];
  const isReading = typeof reading === 'number';
  const extremes = [latest.min, latest.max];
  return {
    value: isReading ? reading : latest.avg,
    decimals: mostDecimals(isReading ? [reading, ...extremes] : extremes),
    age: ageText(entry, { isReading, now, zone }),
    row: latest,
    isLate: isLate(now - sinceOf(entry), every),
  };
}

/** The time of the last reading in epoch ms; in the future for an open window that does not report it. */
function sinceOf({ latest, lastTime }: Entry): number {
  return lastTime ?? latest.end;
}

/** An open window without the time of its last reading is described by its start. */
function ageText(entry: Entry, { isReading, now, zone }: AgeSettings): string {
  const { latest, every } = entry;
  const age = now - sinceOf(entry);
  if (age < -TOLERANCE_MS)
    return `${isReading ? 'last reading' : 'average'} since ${formatTime(latest.start, zone).slice(11)}`;
  const ago = `${formatAge(age)} ago`;
  // Lateness matters most, and there is no room for more.
  if (isLate(age, every)) return `late: ${ago}`;
  return `${isReading ? '' : 'average, '}as of ${ago}`;
}

interface AgeSettings {
  readonly isReading: boolean;
  readonly now: number;
  readonly zone: Zone;
}
