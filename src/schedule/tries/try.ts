/** A try of a run. */

import type { Failure } from '../../failure.ts';
import type { RunPlace } from '../../ledger/log-path.ts';
import type { TryResult } from '../../ledger/records.ts';
import type { Job } from '../jobs/job.ts';

/** What a try runs, and what for. */
export interface TryOrder {
  readonly job: Job;
  readonly run: number;
  /** That of its run. */
  readonly repeat: number | undefined;
  /** The task within the run; for a crontab line the name of the job. */
  readonly task: string;
  /** From 1. */
  readonly number: number;
  readonly scheduled: number;
  readonly dataStart: number;
  readonly dataEnd: number;
  /** `dataEnd` of the newest successful run of the job. */
  readonly since: number | undefined;
  /** Whether it is for the present, so that sensors take a live reading; otherwise $ETL_AT tells them the time. */
  readonly isOfNow: boolean;
  /** Variables that a person set with `-e NAME=VALUE`; they override all others. */
  readonly env: Readonly<Record<string, string>>;
  /** Surroundings of a graph's task; undefined for a crontab line. */
  readonly around?: TaskPlace;
  /** Why it must not be started: this becomes its result. */
  readonly refusal?: Failure;
}

/** Where and with what a graph's task runs. */
export interface TaskPlace {
  readonly cwd: string;
  /** $ETL_RUN_DIR, which is created before each try. */
  readonly runDirectory: string;
  /** Variables of the graph's `env-file`. Their values are secrets. */
  readonly fileEnv: Readonly<Record<string, string>>;
  /** For an item of a split task: $ETL_ITEM and $ETL_INDEX. */
  readonly item?: { readonly text: string; readonly index: number };
}

/** The part of its run that determines where its logs are. */
export function runOf({ job, run, repeat, scheduled }: TryOrder): RunPlace {
  return { run, job: job.name, scheduled, repeat };
}

/** A result without measurements: for a try that was not observed, or for several together. */
export function unmeasured(result: Pick<TryResult, 'state' | 'reason' | 'status' | 'end'>): TryResult {
  const unknown = { signal: undefined, start: undefined, cpuSeconds: undefined, peakBytes: undefined };
  return { ...result, ...unknown };
}

/** A try that was started. */
export interface RunningTry {
  /** Settles when it has ended and its log is written. Never rejects: a failure to start is a result, too. */
  readonly result: Promise<TryResult>;
  /** Sends TERM, and KILL after the grace of its policy. The first call sets the reason. */
  stop(reason: 'timeout' | 'killed' | 'stopped'): void;
  /** Sends KILL at once. */
  kill(): void;
}
