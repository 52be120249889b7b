/** The options of tools that give batches to a command, and wait for what it says. */

import { parseWait } from '../readings/duration.ts';
import type { Options } from './option.ts';
import { wholeNumber } from './tool.ts';

/** Declares `--retries`, `--max-dead` and `--grace`. */
export const commandOptions = {
  retries: { type: 'text', parse: wholeNumber(0), default: '4', describe: 'retries of CMD when it fails' },
  'max-dead': {
    type: 'text',
    parse: wholeNumber(1),
    default: '10',
    describe: 'exit 75 when CMD has refused this many in a row, each alone',
  },
  grace: {
    type: 'text',
    parse: parseWait,
    default: '1m',
    describe: 'how long CMD may go on after a signal',
  },
} as const satisfies Options;
