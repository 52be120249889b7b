/** Policies: how a job is run. */

/** What happens to a run that falls due while the previous one is running. */
export type Overlap = 'skip' | 'wait' | 'kill';

/** Which missed runs are caught up on. */
export interface CatchUp {
  readonly mode: 'none' | 'last' | 'all';
  /** Only those due within this time; Infinity for all. */
  readonly windowMs: number;
}

export interface Policies {
  readonly overlap: Overlap;
  /** How long a try may take; Infinity for no limit. */
  readonly timeoutMs: number;
  /** Time between TERM and KILL. */
  readonly graceMs: number;
  /** Number of tries after the first. */
  readonly retries: number;
  /** Delay before the first retry, doubled for each further one, with jitter. */
  readonly retryDelayMs: number;
  readonly maxRetryDelayMs: number;
  /** Exit statuses of permanent failures, which are not retried. */
  readonly final: ReadonlySet<number>;
  /** Exit statuses that mean there was nothing to do. */
  readonly skipOn: ReadonlySet<number>;
  readonly catchUp: CatchUp;
  /** Maximum bytes of a try's log. */
  readonly maxLogBytes: number;
  /** Shell command to run after the last try has failed. */
  readonly onFailure: string | undefined;
  readonly onSuccess: string | undefined;
  /** `onFailure` runs once, after this many failed runs in a row. */
  readonly alertAfter: number;
  /** URL to notify of start, success and failure, as for healthchecks.io. */
  readonly ping: string | undefined;
  /** A faster run counts as having done nothing. 0 for no limit. */
  readonly minTimeMs: number;
  /** A run with fewer output rows counts as having done nothing. 0 for no limit. */
  readonly expectRows: number;
  /** Whether to stop a try whose schedule was killed, or wait for it. */
  readonly orphans: 'stop' | 'wait';
}

/** The defaults. */
export const DEFAULT_POLICIES: Policies = {
  overlap: 'skip',
  timeoutMs: Number.POSITIVE_INFINITY,
  graceMs: 10_000,
  retries: 0,
  retryDelayMs: 10_000,
  maxRetryDelayMs: 600_000,
  final: new Set([64, 65, 69, 70, 78, 126, 127]),
  skipOn: new Set([99]),
  catchUp: { mode: 'none', windowMs: Number.POSITIVE_INFINITY },
  maxLogBytes: 10 * 1024 * 1024,
  onFailure: undefined,
  onSuccess: undefined,
  alertAfter: 1,
  ping: undefined,
  minTimeMs: 0,
  expectRows: 1,
  orphans: 'stop',
};
