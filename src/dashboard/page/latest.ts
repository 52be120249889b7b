/** The latest value of a sensor, and how old it is. */

import type { Entry } from './api.ts';
import { formatLength, formatTime, isLate, mostDecimals, type Zone } from './format.ts';

const ROLLING = 'all';

export interface Latest {
  /** °C; null where the row has no usable reading. */
  readonly value: number | null;
  readonly decimals: number;
  /** What the value is and how old. */
  readonly age: string;
  readonly isLate: boolean;
}

/**
 * Of the rolling window, whose end is the time of the last reading, unless that is late; then of the row that ends
 * last. It is the last reading where the row has it, else the average.
 */
export function latestOf(entries: readonly Entry[], now: number, zone: Zone): Latest | undefined {
  const rolling = entries.find(({ window }) => window === ROLLING);
  const entry = rolling !== undefined && !late(rolling, now) ? rolling : newest(entries);
  if (entry === undefined) return undefined;
  const { latest } = entry;
  const last = latest.further.find(([name]) => name === 'last')?.[1];
  const isReading = typeof last === 'number';
  return {
    value: isReading ? last : latest.avg,
    decimals: mostDecimals(isReading ? [last, latest.min, latest.max] : [latest.min, latest.max]),
    age: `${isReading ? '' : 'average, '}${ageText(entry, now, zone)}`,
    isLate: late(entry, now),
  };
}

function newest(entries: readonly Entry[]): Entry | undefined {
  return entries.reduce<Entry | undefined>(
    (best, entry) => (best === undefined || entry.latest.end > best.latest.end ? entry : best),
    undefined,
  );
}

function late({ latest, every }: Entry, now: number): boolean {
  return isLate(now - latest.end, every);
}

function ageText({ latest }: Entry, now: number, zone: Zone): string {
  const age = now - latest.end;
  return age < -1000
    ? `until ${formatTime(latest.end, zone).slice(11)}, goes on`
    : `as of ${formatLength(age)} ago`;
}
