/** The latest value of a sensor, and how old it is. */

import { freshest } from '../../../stats/freshest.ts';
import { formatAge, formatTime, isLate, mostDecimals, type Zone } from './format.ts';
import type { Row } from './row.ts';
import type { Entry } from './series-json.ts';

/** By how much clocks may differ. */
const TOLERANCE_MS = 2000;

interface Latest {
  /** In the unit of the series; null where the row has no usable reading. */
  readonly value: number | null;
  readonly decimals: number;
  /** What kind of value it is and how old. */
  readonly age: string;
  readonly isLate: boolean;
  /** The row that has it. */
  readonly row: Row;
}

/**
 * The latest value of the series that has the newest reading. It is the last reading where the row has it, else the
 * average; undefined without entries.
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

/** Since when there is no reading: epoch milliseconds, after now for a window that goes on and does not say. */
function sinceOf({ latest, lastTime }: Entry): number {
  return lastTime ?? latest.end;
}

/** A window that goes on and does not say when its last reading was is said to be since its start. */
function ageText(entry: Entry, { isReading, now, zone }: AgeSettings): string {
  const { latest, every } = entry;
  const age = now - sinceOf(entry);
  if (age < -TOLERANCE_MS)
    return `${isReading ? 'last reading' : 'average'} since ${formatTime(latest.start, zone).slice(11)}`;
  const ago = `${formatAge(age)} ago`;
  // What matters then is that it is old, and there is room for no more words.
  if (isLate(age, every)) return `late: ${ago}`;
  return `${isReading ? '' : 'average, '}as of ${ago}`;
}

interface AgeSettings {
  readonly isReading: boolean;
  readonly now: number;
  readonly zone: Zone;
}
