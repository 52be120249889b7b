/** The options of tools that run jobs and record them in a ledger. */

import type { Keep } from '../ledger/prune.ts';
import type { Options } from './option.ts';
import { durationValue, fileValue, numberValue } from './value-kinds.ts';

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

/** Declares how long runs are kept. */
export const keepOptions = {
  keep: { ...durationValue, default: '30d', describe: 'how long runs and logs are kept' },
  'keep-failed': { ...durationValue, default: '90d', describe: 'the same for runs that failed' },
  'max-runs': { ...numberValue(1), describe: 'maximum runs kept per job' },
} as const satisfies Options;

interface KeepOptions {
  readonly keep: number;
  readonly 'keep-failed': number;
  readonly 'max-runs': number | undefined;
}

export function keepOf({ keep: ms, 'keep-failed': failedMs, 'max-runs': mostRuns }: KeepOptions): Keep {
  return { ms, failedMs, mostRuns: mostRuns ?? Number.POSITIVE_INFINITY };
}
