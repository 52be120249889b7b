/** The option of tools where the newest time decides, and a time from the future would do harm. */

import { parseAhead } from '../readings/ahead.ts';
import type { Options } from './option.ts';

/** Declares `--ahead`. */
export const aheadOption = {
  ahead: {
    type: 'text',
    value: 'DURATION|none',
    parse: parseAhead,
    default: '1h',
    describe: 'how far ahead of the clock a time may be; none: no limit',
  },
} as const satisfies Options;
