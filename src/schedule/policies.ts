/** Policies: how a job is run. */

/** What becomes of a run that is due while the one before it runs. */
export type Overlap = 'skip' | 'wait' | 'kill';

/** Which of the runs that were missed are made up. */
export interface CatchUp {
  readonly mode: 'none' | 'last' | 'all';
  /** Those due within this time; Infinity for all. */
  readonly windowMs: number;
}

export interface Policies {
  readonly overlap: Overlap;
  /** How long a try may take; Infinity for no limit. */
  readonly timeoutMs: number;
  /** How long it has between TERM and KILL. */
  readonly graceMs: number;
  /** Tries after the first one. */
  readonly retries: number;
  /** Before the first retry; twice as long before each further one, with jitter. */
  readonly retryDelayMs: number;
  readonly maxRetryDelayMs: number;
  /** Statuses after which no retry is of use. */
  readonly final: ReadonlySet<number>;
  /** Statuses by which a command says that there was nothing to do. */
  readonly skipOn: ReadonlySet<number>;
  readonly catchUp: CatchUp;
  /** The most bytes of a try's log. */
  readonly maxLogBytes: number;
  /** A command after the last try failed. */
  readonly onFailure: string | undefined;
  readonly onSuccess: string | undefined;
  /** Failed runs in a row from which on `onFailure` runs, once, until a run succeeds. */
  readonly alertAfter: number;
  /** A URL to be told of start, success and failure, as healthchecks have it. */
  readonly ping: string | undefined;
  /** A run that takes less has done nothing. 0 for no limit. */
  readonly minTimeMs: number;
  /** A run that puts out fewer rows has done nothing. 0 for no limit. */
  readonly expectRows: number;
  /** What becomes of a try whose schedule was killed: it is stopped, or waited for. */
  readonly orphans: 'stop' | 'wait';
}

/** What holds where nothing else is said. */
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
