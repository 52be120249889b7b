/** A run in progress, from its beginning or from where a killed schedule left it. */

import type { Reason, TaskState, TryResult } from '../ledger/records.ts';

/** Why a run or a try is ended early. */
export type StopReason = Extract<Reason, 'timeout' | 'killed' | 'stopped'>;

/** A run in progress. */
export interface Execution {
  /** Settles when the run has ended, or is left for a later schedule. Rejects with a bug. */
  readonly done: Promise<void>;
  /** Ends the run without a further try. */
  stop(reason: 'killed' | 'stopped'): void;
}

/** What an earlier schedule left of a run: the last try of a crontab line, or the tasks of a graph. */
export type Left = TryLeft | { readonly kind: 'tasks'; readonly tasks: ReadonlyMap<string, TaskLeft> };

/** A try that was started, or the time of the next one. */
export type TryLeft =
  | { readonly kind: 'retry'; readonly at: number }
  | {
      readonly kind: 'lost';
      /** Number of the try. */
      readonly number: number;
      /** How it ended, if its log says so though the ledger does not. */
      readonly result: TryResult | undefined;
      /** Settles when none of its processes is left. */
      readonly gone: Promise<void>;
      /** Stops its processes. */
      stop(): void;
    };

/** A task of a run that was begun earlier, or an item of a task (named `NAME[INDEX]`). */
export interface TaskLeft {
  /** The result that it keeps; `none`: it is to be done, or redone, once its needs allow it. */
  readonly state: Extract<
    TaskState,
    'none' | 'success' | 'failed' | 'skipped' | 'upstream_failed' | 'removed'
  >;
  readonly reason: Reason | undefined;
  /** Tries so far; the next one has the next number. */
  readonly tries: number;
  readonly status: number | undefined;
  /** The item's value: with another value it is another item. */
  readonly item?: string | undefined;
  /** What to wait for before the next try. */
  readonly left?: TryLeft | undefined;
}
