/** The option about how long stats rows are kept. */

import { parseKeepList } from '../prune/keep-list.ts';
import type { Options } from './option.ts';

/** Declares `--keep`. */
export const keepOption = {
  keep: {
    type: 'text',
    value: 'LENGTH=DURATION,...',
    parse: parseKeepList,
    describe: 'how long rows of each window are kept: 1m=30d,1h=5y',
  },
} as const satisfies Options;
