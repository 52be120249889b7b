/** A run that is being done, from its beginning, or from where a killed schedule has left it. */

import type { Reason, TaskState, TryResult } from '../ledger/records.ts';

/** Why what runs is ended before it ends by itself. */
export type StopReason = Extract<Reason, 'timeout' | 'killed' | 'stopped'>;

/** A run in work. */
export interface Execution {
  /** Settles when the run has ended, or waits for a later schedule. Rejects with what cannot be helped. */
  readonly done: Promise<void>;
  /** Ends it; no further try is made. */
  stop(reason: 'killed' | 'stopped'): void;
}

/** What the schedule before has left of a run: of a line of a crontab its last try, of a graph its tasks. */
export type Left = TryLeft | { readonly kind: 'tasks'; readonly tasks: ReadonlyMap<string, TaskLeft> };

/** A try that was started, or a time for the next one. */
export type TryLeft =
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

/** A task of a run that was begun before, or an item of one (by its name `NAME[INDEX]`). */
export interface TaskLeft {
  /** Its result, which it keeps; `none`: it is done, or done anew, once what it needs allows it. */
  readonly state: Extract<
    TaskState,
    'none' | 'success' | 'failed' | 'skipped' | 'upstream_failed' | 'removed'
  >;
  readonly reason: Reason | undefined;
  /** Tries so far; the next one has the next number. */
  readonly tries: number;
  readonly status: number | undefined;
  /** Of an item: what it is for. An item that is for something else by now is another one. */
  readonly item?: string | undefined;
  /** What is to be waited for before the next try. */
  readonly left?: TryLeft | undefined;
}
