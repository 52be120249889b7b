/** The latest value of a sensor, and how old it is. */

import { formatAge, formatTime, isLate, mostDecimals, type Zone } from './format.ts';
import type { Entry } from './series-json.ts';

const ROLLING = 'all';
/** By how much clocks may differ. */
const TOLERANCE_MS = 2000;

interface Latest {
  /** °C; null where the row has no usable reading. */
  readonly value: number | null;
  readonly decimals: number;
  /** What kind of value it is and how old. */
  readonly age: string;
  readonly isLate: boolean;
}

/**
 * The latest value of the rolling window, whose end is the time of the last reading, or of the newest window if that began
 * later.
 * It is the last reading where the row has it, else the average; undefined without entries.
 */
export function latestOf(entries: readonly Entry[], now: number, zone: Zone): Latest | undefined {
  const last = newest(entries);
  const rolling = entries.find(({ window }) => window === ROLLING);
  const entry = rolling !== undefined && rolling.latest.end >= (last?.latest.start ?? 0) ? rolling : last;
  if (entry === undefined) return undefined;
  const { latest, every } = entry;
  const reading = latest.further.find(([name]) => name === 'last')?.[1];
  const isReading = typeof reading === 'number';
  const extremes = [latest.min, latest.max];
  return {
    value: isReading ? reading : latest.avg,
    decimals: mostDecimals(isReading ? [reading, ...extremes] : extremes),
    age: ageText(entry, { isReading, now, zone }),
    isLate: isLate(now - latest.end, every),
  };
}

/** The window that began last, of several the shortest: it knows best what is now, while a day that goes on says little. */
function newest(entries: readonly Entry[]): Entry | undefined {
  const [first] = [...entries].sort(
    ({ latest: one }, { latest: other }) => other.start - one.start || one.end - other.end,
  );
  return first;
}

/** A window that goes on is said to be since its start. */
function ageText({ latest, every }: Entry, { isReading, now, zone }: AgeSettings): string {
  const age = now - latest.end;
  if (age < -TOLERANCE_MS)
    return `${isReading ? 'last reading' : 'average'} since ${formatTime(latest.start, zone).slice(11)}`;
  const ago = `${formatAge(age)} ago`;
  return `${isReading ? '' : 'average, '}${isLate(age, every) ? `late: ${ago}` : `as of ${ago}`}`;
}

interface AgeSettings {
  readonly isReading: boolean;
  readonly now: number;
  readonly zone: Zone;
}
