/** The subject of a series of tries: what is tried, and what to do at each step. */

import type { NextState, TryResult } from '../ledger/records.ts';
import type { StopReason } from './execution.ts';
import type { Policies } from './jobs/policies.ts';
import type { GiveBack } from './tries/slots.ts';
import type { TryOrder } from './tries/try.ts';
import type { Wait } from './tries/wait-try.ts';

/** A run of a line of a crontab, a task of a run, or an item of a task. */
export interface Series {
  readonly policies: Policies;
  /** Tries so far. */
  readonly tries: number;
  /** How many of these no longer count, since it was taken up again. */
  readonly forgiven?: number;
  /** Exit status of the last one. */
  readonly status: number | undefined;
  order(number: number): Promise<TryOrder>;
  /** How a try waits for its condition; undefined for a try that runs once and keeps its turn. */
  readonly wait?: Wait | undefined;
  /** Whether the intent to start a try is recorded before its turn, so that many intents share a transaction. */
  readonly intendsAhead: boolean;
  /** Waits for its turn. @param unwanted ends the wait @returns undefined when it was aborted first */
  takeTurn(unwanted: AbortSignal): Promise<GiveBack | undefined>;
  /** The schedule ends before an intended try could begin. */
  notBegun(order: TryOrder): void;
  /** A try has begun. */
  started(order: TryOrder): void;
  /** A try has ended. */
  ended(order: TryOrder, result: TryResult, next: NextState): void;
  /** The series was waiting for a try that is no longer wanted. */
  givenUp(end: GivenUp): Promise<void>;
}

/** How a series ends whose next try is no longer wanted. */
export interface GivenUp {
  /** Failed if an earlier try failed. */
  readonly state: 'failed' | 'skipped';
  readonly reason: StopReason;
  /** In place of a last try's result. */
  readonly result: TryResult;
  /** The last try. @returns undefined when the schedule ends before the ledger answers */
  order(): Promise<TryOrder | undefined>;
}
