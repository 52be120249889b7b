/** The subject of a series of tries: what to try, and what to do at each step. */

import type { NextState, TryResult } from '../ledger/records.ts';
import type { StopReason } from './execution.ts';
import type { Policies } from './jobs/policies.ts';
import type { GiveBack } from './tries/slots.ts';
import type { TryOrder } from './tries/try.ts';
import type { Wait } from './tries/wait-try.ts';

/** A run of a crontab line, a task of a graph's run, or an item of a split task. */
export interface Series {
  readonly policies: Policies;
  /** Tries so far. */
  readonly tries: number;
  /** How many of these no longer count against `retries`, since the task is run afresh. */
  readonly forgiven?: number;
  /** Exit status of the last try. */
  readonly status: number | undefined;
  order(number: number): Promise<TryOrder>;
  /** How a try polls its condition; undefined for a try that runs its command once and keeps its slot. */
  readonly wait?: Wait | undefined;
  /** Whether the intent to start a try is recorded before its turn, so that many intents share a transaction. */
  readonly intendsAhead: boolean;
  /** Waits for a slot. @param unwanted aborts the wait @returns undefined if it was aborted first */
  takeTurn(unwanted: AbortSignal): Promise<GiveBack | undefined>;
  /** The schedule ends before an intended try could start. */
  notBegun(order: TryOrder): void;
  /** A try has started. */
  started(order: TryOrder): void;
  /** A try has ended. */
  ended(order: TryOrder, result: TryResult, next: NextState): void;
  /** The next try was cancelled while the series waited for it. */
  givenUp(end: GivenUp): Promise<void>;
}

/** How a series ends whose next try was cancelled. */
export interface GivenUp {
  /** `failed` if an earlier try failed. */
  readonly state: 'failed' | 'skipped';
  readonly reason: StopReason;
  /** Stands in for a last try's result. */
  readonly result: TryResult;
  /** The order of the last try. @returns undefined when the schedule ends before the ledger answers */
  order(): Promise<TryOrder | undefined>;
}
