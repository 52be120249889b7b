/** The options of tools that read times as others write them. */

import { zoneName } from '../stats/time-zone.ts';
import type { Options } from './option.ts';

/** Declares `--tz`: the same zone for times without an offset and for windows. */
export const timeOptions = {
  tz: {
    type: 'text',
    value: 'ZONE',
    parse: zoneName,
    describe: 'time zone of windows (default: UTC), and of times without an offset',
  },
} as const satisfies Options;
