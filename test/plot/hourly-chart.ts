/** Charts of hourly rows, some of which may be missing. */

import { type Frame, makeChart } from '../../src/plot/chart.ts';
import { Collection } from '../../src/plot/chart-rows.ts';
import { formatTime } from '../../src/readings/time.ts';
import { all } from './row-filter.ts';

const HOUR = 3_600_000;
const frame: Frame = {
  title: undefined,
  axes: { from: undefined, to: undefined, low: undefined, high: undefined },
  offsetAt: () => 0,
  zone: 'UTC',
  unit: ' °C',
};

export interface Hour {
  readonly at: number;
  readonly sensor?: string;
  readonly min?: string;
  readonly missing?: string;
}

export function chartOf(hours: readonly Hour[], changes: Partial<Frame> = {}) {
  const collection = new Collection(all);
  for (const { at, sensor = 'attic', min = '20', missing = '' } of hours)
    collection.add({
      sensor,
      window: '1h',
      start: formatTime(at * HOUR),
      end: formatTime((at + 1) * HOUR),
      count: 60,
      min,
      max: '25',
      avg: '22.5',
      extra: new Map([['missing', missing]]),
    });
  return makeChart(collection.collected(), '1h', { ...frame, ...changes });
}

/** Every hour of a day. */
export const day: readonly Hour[] = Array.from({ length: 24 }, (_, at) => ({ at }));
