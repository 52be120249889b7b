/** The records of the ledger: jobs, their runs, and the tries of each run. Times are epoch milliseconds. */

/** As in Airflow, except that `queued` includes Airflow's `scheduled`. */
export const STATES = ['queued', 'running', 'success', 'failed', 'up_for_retry', 'skipped'] as const;

export type State = (typeof STATES)[number];

/** The state of a task of a graph. */
export type TaskState = State | 'none' | 'scheduled' | 'upstream_failed' | 'removed';

/** What caused a run: its due time, a missed due time, a person, a retry by a person, a range of past times. */
export const TRIGGERS = ['schedule', 'catchup', 'manual', 'retry', 'backfill'] as const;

export type Trigger = (typeof TRIGGERS)[number];

/** Why a run or a try has its state, where the state alone does not tell. */
export type Reason =
  | 'overlap' // skipped: the previous run was still running
  | 'missed' // skipped: no schedule ran at its due time; one row for a gap, with a count
  | 'paused' // skipped: the job was paused
  | 'skip-on' // skipped: the command reported that there was nothing to do
  | 'timeout' // failed: it took too long
  | 'killed' // failed: ended in favour of the next run (overlap=kill)
  | 'stopped' // failed: ended by a person, or with the schedule
  | 'lost'; // failed, or skipped if it had not begun: its runner was killed

/** A run: what a job does for one due time. */
export interface Run {
  readonly run: number;
  readonly job: string;
  readonly trigger: Trigger;
  /** The due time; for a manual run, the time it is for. */
  readonly scheduled: number;
  /** 0; above 0 when the due time occurred again because the clock was set back; undefined for a manual run. */
  readonly repeat: number | undefined;
  /** The data interval: from the previous due time, inclusive, to this one, exclusive. */
  readonly dataStart: number;
  readonly dataEnd: number;
  /** How many due times the row represents: 1, or all of a gap. */
  readonly count: number;
  readonly state: State;
  readonly reason: Reason | undefined;
  /** Tries so far. */
  readonly tries: number;
  /** When it was decided. */
  readonly queued: number;
  /** When its first try started, and its last one ended. */
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** When its next try is due, while it is up for retry. */
  readonly retryAt: number | undefined;
  /** Exit status of the last try to end. */
  readonly status: number | undefined;
  /** What the tools of that try reported; undefined when none did. */
  readonly rows: Rows | undefined;
  /** Variables that a person set with `-e NAME=VALUE`. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it runs for the present, not for a past time; see TryOrder. */
  readonly isOfNow: boolean;
  /** The hash of its graph; undefined for a crontab line. */
  readonly graph: string | undefined;
  /** The path of the lock of the run-tasks that executes it; undefined for the schedule. */
  readonly runner: string | undefined;
}

/** A run to add to the ledger. */
export interface NewRun extends Pick<Run, 'job' | 'trigger' | 'scheduled' | 'dataStart' | 'dataEnd'> {
  /** As in Run; `again`: the next number if the time is decided for the first time, see `addRun`. */
  readonly repeat: number | 'again' | undefined;
  /** 1 by default. */
  readonly count?: number;
  /** `running` also records the intent of the first try, in the same transaction. */
  readonly state: 'queued' | 'running' | 'skipped';
  /** The task of that try; the name of the job by default. */
  readonly task?: string;
  readonly reason?: Reason;
  readonly env?: Readonly<Record<string, string>>;
  /** True by default. */
  readonly isOfNow?: boolean;
  readonly graph?: string;
  readonly runner?: string;
}

/** A try of a task of a run. */
export interface Try {
  readonly run: number;
  readonly task: string;
  /** From 1. */
  readonly number: number;
}

/** The record of a try. It is `running` from the intent on; `start` is undefined until it has started. */
export interface TryRow extends Try, Omit<TryResult, 'state' | 'end'> {
  readonly state: 'running' | TryResult['state'];
  readonly end: number | undefined;
}

/** A task in a run of a graph, or an item of a split task. */
export interface TaskRow {
  readonly run: number;
  /** The name; for an item, `NAME[INDEX]`. */
  readonly task: string;
  /** The position in the file; for an item, its index. */
  readonly position: number;
  /** For an item: the name of its task, and its value. */
  readonly split: string | undefined;
  readonly item: string | undefined;
  readonly state: TaskState;
  readonly reason: Reason | undefined;
  /** Of its definition: a change makes it a different task. */
  readonly hash: string;
  readonly tries: number;
  /** When its dependencies were met. */
  readonly queued: number | undefined;
  /** When its first try started, and its last one ended. */
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly retryAt: number | undefined;
  readonly status: number | undefined;
  readonly rows: Rows | undefined;
}

/** The state of a run or a task after a try. */
export interface NextState {
  readonly state: State;
  readonly reason?: Reason | undefined;
  /** Only with `up_for_retry`. */
  readonly retryAt?: number | undefined;
}

/** How far the schedule has decided what runs. */
export interface Mark {
  /** All due times up to this moment are decided. */
  readonly decided: number;
  /** High-water mark of `decided`; later than it after the clock was set back. */
  readonly horizon: number;
}

/** What a tool reported when it ended. */
export interface ToolReport {
  readonly tool: string;
  /** Rows or lines; undefined where not reported. */
  readonly in: number | undefined;
  readonly out: number | undefined;
  readonly rejected: number | undefined;
  /** Duration. */
  readonly ms: number;
  readonly status: number;
}

/** A job of a schedule, in values that JSON can represent. */
export interface JobRecord {
  readonly name: string;
  /** As written in the crontab. */
  readonly schedule: string;
  readonly command: string;
  /** File and line. */
  readonly place: string;
  /** `When` and `Policies` of src/schedule. */
  readonly when: object;
  readonly policies: object;
  /** Only for a graph; undefined for a crontab line. */
  readonly about?: JobAbout | undefined;
}

/** What a graph says about itself. */
export interface JobAbout {
  readonly owner: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  /** Variables that may be set for a run, with their defaults. */
  readonly env: Readonly<Record<string, string>>;
}

/** A job that the ledger knows. */
export interface KnownJob extends JobRecord {
  /** When it was paused; undefined unless it is. */
  readonly paused: number | undefined;
  /** When it was removed from the schedule; undefined unless it was. */
  readonly gone: number | undefined;
}

/** Row counts that the tools of a try reported. */
export interface Rows {
  /** Read and written by the last tool to report; undefined where not reported. */
  readonly in: number | undefined;
  readonly out: number | undefined;
  /** Rejected by all tools together. */
  readonly rejected: number;
}

/** How a try ended. */
export interface TryResult {
  readonly state: 'success' | 'failed' | 'skipped';
  readonly reason: Reason | undefined;
  /** The command's exit status: 128+n after a signal, 126 or 127 when it could not be started. */
  readonly status: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly start: number | undefined;
  readonly end: number;
  /** Total CPU time and peak memory of all processes of the try. */
  readonly cpuSeconds: number | undefined;
  readonly peakBytes: number | undefined;
}
