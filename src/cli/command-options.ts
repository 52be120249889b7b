/** The options of tools that pass batches to a command, and act on its exit status. */

import { inGroup } from './option.ts';
import { numberValue, waitValue } from './value-kinds.ts';

/** Declares `--retries`, `--max-dead` and `--grace`. */
export const commandOptions = inGroup('Command', {
  retries: { ...numberValue(0), default: '4', describe: 'retries of CMD when it fails' },
  'max-dead': {
    ...numberValue(1),
    default: '10',
    describe: 'exit 75 when CMD has refused this many in a row, each alone',
  },
  grace: { ...waitValue, default: '1m', describe: 'how long CMD may go on after a signal' },
});
