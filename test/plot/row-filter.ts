/** A filter that accepts all sensors and times, unconverted. */

import type { RowFilter } from '../../src/plot/chart-rows.ts';

export const everything: RowFilter = {
  sensors: [],
  window: undefined,
  from: Number.NEGATIVE_INFINITY,
  to: Number.POSITIVE_INFINITY,
  lastMs: Number.POSITIVE_INFINITY,
  unitOf: () => undefined,
  shownUnit: (unit = '') => ({ unit, convert: (value) => value }),
};
