/** The option of tools for which the newest time decides. */

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
