/** A try of a run. */

import type { Failure } from '../../failure.ts';
import type { RunPlace } from '../../ledger/log-path.ts';
import type { TryResult } from '../../ledger/records.ts';
import type { Job } from '../jobs/job.ts';

/** What a try runs, and what for. */
export interface TryOrder {
  readonly job: Job;
  readonly run: number;
  /** As that of its run. */
  readonly repeat: number | undefined;
  /** The task within the run; of a crontab's line the name of the job. */
  readonly task: string;
  /** From 1. */
  readonly number: number;
  readonly scheduled: number;
  readonly dataStart: number;
  readonly dataEnd: number;
  /** `dataEnd` of the newest successful run of the job. */
  readonly since: number | undefined;
  /** Whether it is for now, so that sensors give a reading; otherwise $ETL_AT tells them the time. */
  readonly isOfNow: boolean;
  /** Variables that a person set with `-e NAME=VALUE`; they override all others. */
  readonly env: Readonly<Record<string, string>>;
  /** What a task of a graph has around it; undefined for a line of a crontab. */
  readonly around?: TaskPlace;
  /** Why it cannot be started: then this is its result. */
  readonly refusal?: Failure;
}

/** Where and with what a task of a graph runs. */
export interface TaskPlace {
  readonly cwd: string;
  /** $ETL_RUN_DIR, which is made before each try. */
  readonly runDirectory: string;
  /** What the file of the graph's `env-file` gives. Its values are secrets. */
  readonly fileEnv: Readonly<Record<string, string>>;
  /** Of an item of a task that is split: $ETL_ITEM and $ETL_INDEX. */
  readonly item?: { readonly text: string; readonly index: number };
}

/** The part of its run that determines where its logs are. */
export function runOf({ job, run, repeat, scheduled }: TryOrder): RunPlace {
  return { run, job: job.name, scheduled, repeat };
}

/** A result without measurements: of a try that nobody saw run, or of several together. */
export function unmeasured(result: Pick<TryResult, 'state' | 'reason' | 'status' | 'end'>): TryResult {
  const unknown = { signal: undefined, start: undefined, cpuSeconds: undefined, peakBytes: undefined };
  return { ...result, ...unknown };
}

/** A try that was started. */
export interface RunningTry {
  /** Settles when it has ended and its log is written. Never rejects: a failure to start is a result, too. */
  readonly result: Promise<TryResult>;
  /** Ends it with TERM, and with KILL after the grace of its policy. The first call gives the reason. */
  stop(reason: 'timeout' | 'killed' | 'stopped'): void;
  /** KILL at once. */
  kill(): void;
}
