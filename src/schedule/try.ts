/** A try of a run: the process that does it. */

import type { Failure } from '../failure.ts';
import type { RunPlace } from '../ledger/log-path.ts';
import type { TryResult } from '../ledger/records.ts';
import type { Job } from './job.ts';

/** What a try is to run, and for what. */
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
  /** Whether it is of now, so that sensors give a reading; else they are told the time by $ETL_AT. */
  readonly isOfNow: boolean;
  /** What a person gave by `-e NAME=VALUE`, on top of all else. */
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

/** What of its run the place of its logs depends on. */
export function runOf({ job, run, repeat, scheduled }: TryOrder): RunPlace {
  return { run, job: job.name, scheduled, repeat };
}

/** A result that stands for that of a try which nobody saw run, or for that of many. */
export function unmeasured(result: Pick<TryResult, 'state' | 'reason' | 'status' | 'end'>): TryResult {
  const unknown = { signal: undefined, start: undefined, cpuSeconds: undefined, peakBytes: undefined };
  return { ...result, ...unknown };
}

/** A try that was started. */
export interface RunningTry {
  /** Settles when it has ended and its log is written. Never rejects: what could not be started is a result, too. */
  readonly result: Promise<TryResult>;
  /** Ends it: TERM, after the grace of its policy KILL. The first call says why. */
  stop(reason: 'timeout' | 'killed' | 'stopped'): void;
  /** KILL at once. */
  kill(): void;
}
