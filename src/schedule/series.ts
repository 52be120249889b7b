/** What a series of tries is of, and what becomes of it. */

import type { NextState, TryResult } from '../ledger/records.ts';
import type { StopReason } from './execution.ts';
import type { Policies } from './policies.ts';
import type { GiveBack } from './slots.ts';
import type { TryOrder } from './try.ts';
import type { Wait } from './wait-try.ts';

/** A run of a line of a crontab, a task of a run, or an item of a task. */
export interface Series {
  readonly policies: Policies;
  /** Tries so far. */
  readonly tries: number;
  /** Of these, tries that do not count, as it was taken up anew since. */
  readonly forgiven?: number;
  /** Exit status of the last one. */
  readonly status: number | undefined;
  order(number: number): Promise<TryOrder>;
  /** How its tries wait for their command to succeed; undefined: they do not, and hold their turn. */
  readonly wait?: Wait | undefined;
  /** Whether it is written down before its turn that a try is going to start: the intents of many take one transaction. */
  readonly intendsAhead: boolean;
  /** Waits for its turn. @param unwanted ends the wait @returns undefined when it was aborted first */
  takeTurn(unwanted: AbortSignal): Promise<GiveBack | undefined>;
  /** The schedule ends before a try could begin that is written down. */
  notBegun(order: TryOrder): void;
  /** A try has begun. */
  started(order: TryOrder): void;
  /** A try has ended. */
  ended(order: TryOrder, result: TryResult, next: NextState): void;
  /** No further try is wanted of a series that waits for one. */
  givenUp(end: GivenUp): Promise<void>;
}

/** How a series ends that waits for a try which is not to be made. */
export interface GivenUp {
  /** Failed if a try has failed before. */
  readonly state: 'failed' | 'skipped';
  readonly reason: StopReason;
  /** Stands for that of a last try. */
  readonly result: TryResult;
  /** The last try. @returns undefined when the ledger does not tell before the schedule ends */
  order(): Promise<TryOrder | undefined>;
}
