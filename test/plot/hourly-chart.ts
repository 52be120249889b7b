/** Charts of hourly rows, possibly with gaps. */

import { type ChartSettings, makeChart } from '../../src/plot/chart.ts';
import { ChartRows } from '../../src/plot/chart-rows.ts';
import { formatTime } from '../../src/readings/time.ts';
import { everything } from './row-filter.ts';

const HOUR = 3_600_000;
const settings: ChartSettings = {
  title: undefined,
  axes: { from: undefined, to: undefined, low: undefined, high: undefined },
  offsetAt: () => 0,
  zone: 'UTC',
};

export interface Hour {
  readonly at: number;
  readonly sensor?: string;
  readonly min?: string;
  readonly missing?: string;
}

export async function chartOf(hours: readonly Hour[], changes: Partial<ChartSettings> = {}) {
  const rows = new ChartRows({ ...everything, unitOf: () => '°C' });
  for (const { at, sensor = 'attic', min = '20', missing = '' } of hours)
    rows.add({
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
  return makeChart(await rows.series(), '1h', { ...settings, ...changes });
}

/** Every hour of a day. */
export const day: readonly Hour[] = Array.from({ length: 24 }, (_, at) => ({ at }));
