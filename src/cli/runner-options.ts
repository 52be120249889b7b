/** The options of tools that run jobs and write down what became of them. */

import type { Options } from './option.ts';
import { fileValue, numberValue } from './value-kinds.ts';

/** Declares `--ledger` and `--jobs`. */
export const runnerOptions = {
  ledger: {
    ...fileValue,
    env: 'ETL_LEDGER',
    default: 'runs.db',
    describe: 'the FILE that remembers every run; logs are beside it',
  },
  jobs: { ...numberValue(1), default: '32', describe: 'maximum tries at once' },
} as const satisfies Options;
