/** A run that is being done, from its beginning, or from where a killed schedule has left it. */

import type { TryResult } from '../ledger/records.ts';

/** A run in work. */
export interface Execution {
  /** Settles when the run has ended, or waits for a later schedule. Rejects with what cannot be helped. */
  readonly done: Promise<void>;
  /** Ends it; no further try is made. */
  stop(reason: 'killed' | 'stopped'): void;
}

/** What the schedule before has left of a run: a try that was started, or a time for the next one. */
export type Left =
  | { readonly kind: 'retry'; readonly at: number }
  | {
      readonly kind: 'lost';
      /** The try. */
      readonly number: number;
      /** How it ended, if it has, and only the ledger does not know. */
      readonly result: TryResult | undefined;
      /** Settles when no process of it is left. */
      readonly gone: Promise<void>;
      /** Ends its processes. */
      stop(): void;
    };
