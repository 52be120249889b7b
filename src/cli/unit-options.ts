/** The options about units of values. */

import { parseUnits } from '../readings/series-units.ts';
import type { Options } from './option.ts';

/** Declares `--units`, for input rows without a unit. */
export const unitsOption = {
  units: {
    type: 'text',
    value: 'LIST',
    repeats: true,
    parse: parseUnits,
    describe: 'units of rows that have none, by sensor: bytes*=B,*humidity=%',
  },
} as const satisfies Options;

/** Declares `--label-unit`, which adds a unit to output rows. */
export const labelUnitOption = {
  'label-unit': {
    type: 'text',
    value: 'UNIT|LIST',
    repeats: true,
    parse: parseUnits,
    describe: 'add column unit: °C, or by sensor: bytes*=B,*humidity=%',
  },
} as const satisfies Options;
