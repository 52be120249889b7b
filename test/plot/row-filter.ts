/** Rows of all sensors and times, as they are. */

import type { Wanted } from '../../src/plot/chart-rows.ts';

export const all: Wanted = {
  sensors: [],
  window: undefined,
  from: Number.NEGATIVE_INFINITY,
  to: Number.POSITIVE_INFINITY,
  lastMs: Number.POSITIVE_INFINITY,
  convert: (value) => value,
};
