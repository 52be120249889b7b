/** A run in progress, newly started or resumed after a killed schedule. */

import type { Reason, TaskState, TryResult } from '../ledger/records.ts';

/** Why a run or a try is ended early. */
export type StopReason = Extract<Reason, 'timeout' | 'killed' | 'stopped'>;

/** A run in progress. */
export interface Execution {
  /** Settles when the run has ended, or is left to a later schedule. Rejects only on a bug. */
  readonly done: Promise<void>;
  /** Stops the run; no retry follows. */
  stop(reason: 'killed' | 'stopped'): void;
}

/** The state in which an earlier schedule left a run: the last try of a crontab line, or the tasks of a graph. */
export type Left = TryLeft | { readonly kind: 'tasks'; readonly tasks: ReadonlyMap<string, TaskLeft> };

/** A try that was cut off, or the time of the next one. */
export type TryLeft =
  | { readonly kind: 'retry'; readonly at: number }
  | {
      readonly kind: 'lost';
      /** Number of the try. */
      readonly number: number;
      /** Its result, if its log has one that the ledger lacks. */
      readonly result: TryResult | undefined;
      /** Settles when all its processes are gone. */
      readonly gone: Promise<void>;
      /** Stops its processes. */
      stop(): void;
    };

/** A task of a resumed run, or an item of a split task (named `NAME[INDEX]`). */
export interface TaskLeft {
  /** The result it keeps; `none` if it must still run, or run again, once its needs allow it. */
  readonly state: Extract<
    TaskState,
    'none' | 'success' | 'failed' | 'skipped' | 'upstream_failed' | 'removed'
  >;
  readonly reason: Reason | undefined;
  /** Tries so far; the next one has the next number. */
  readonly tries: number;
  readonly status: number | undefined;
  /** The item's value; a different value makes it a different item. */
  readonly item?: string | undefined;
  /** What to wait for before the next try. */
  readonly left?: TryLeft | undefined;
}
