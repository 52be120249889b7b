/** What the ledger knows: runs of jobs, and the tries of each run. Times are epoch milliseconds. */

/** As Airflow has them, but for `queued`, which comprises its `scheduled`. */
export const STATES = ['queued', 'running', 'success', 'failed', 'up_for_retry', 'skipped'] as const;

export type State = (typeof STATES)[number];

/** Of a task of a graph. */
export type TaskState = State | 'none' | 'scheduled' | 'upstream_failed' | 'removed';

/** What made a run: its time, a gap that it makes up for, a person, a person who was not content with the run as it was, a span of past times. */
export const TRIGGERS = ['schedule', 'catchup', 'manual', 'retry', 'backfill'] as const;

export type Trigger = (typeof TRIGGERS)[number];

/** Why a run or a try has its state, where the state does not say it. */
export type Reason =
  | 'overlap' // skipped: the run before it was still running
  | 'missed' // skipped: nothing ran at its time; one row for a gap, with a count
  | 'paused' // skipped: the job was paused
  | 'skip-on' // skipped: the command said that there was nothing to do
  | 'timeout' // failed: it took too long
  | 'killed' // failed: ended for the next run (overlap=kill)
  | 'stopped' // failed: ended by a person, or with the schedule
  | 'lost'; // failed, or skipped if it had not begun: its runner was killed

/** A run: what a job does for one due time. */
export interface Run {
  readonly run: number;
  readonly job: string;
  readonly trigger: Trigger;
  /** The due time; of a manual run the time that it is for. */
  readonly scheduled: number;
  /** 0; above it for a minute that came again since the clock was set back; undefined for a manual run. */
  readonly repeat: number | undefined;
  /** What the run is to work on: from the previous due time, inclusive, to this one, exclusive. */
  readonly dataStart: number;
  readonly dataEnd: number;
  /** How many due times the row stands for: 1, or those of a gap. */
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
  /** Exit status of the try that ended last. */
  readonly status: number | undefined;
  /** What the tools of that try reported; undefined when none did. */
  readonly rows: Rows | undefined;
  /** What a person gave by `-e NAME=VALUE`. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it is of now, and not of a time that has passed; see TryOrder. */
  readonly isOfNow: boolean;
  /** The hash of the graph that it is a run of; undefined for a line of a crontab. */
  readonly graph: string | undefined;
  /** The path of the lock of the run-tasks that does it; undefined for the schedule. */
  readonly runner: string | undefined;
}

/** A run that is decided upon. */
export interface NewRun extends Pick<Run, 'job' | 'trigger' | 'scheduled' | 'dataStart' | 'dataEnd'> {
  /** As that of a Run; `again`: by what is there, as it was not decided before. */
  readonly repeat: number | 'again' | undefined;
  /** 1 by default. */
  readonly count?: number;
  /** With `running` its first try is intended in the same transaction. */
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

/** What is known of a try. While it runs its state is `running`; until it is started its start is undefined. */
export interface TryRow extends Try, Omit<TryResult, 'state' | 'end'> {
  readonly state: 'running' | TryResult['state'];
  readonly end: number | undefined;
}

/** A task of a run of a graph, or an item of one that is split. */
export interface TaskRow {
  readonly run: number;
  /** Its name; of an item `NAME[INDEX]`. */
  readonly task: string;
  /** In its file; of an item its index. */
  readonly position: number;
  /** Of an item: the name of its task, and what it is for. */
  readonly split: string | undefined;
  readonly item: string | undefined;
  readonly state: TaskState;
  readonly reason: Reason | undefined;
  /** Of what it does: another one is another task. */
  readonly hash: string;
  readonly tries: number;
  /** When all that it needs was done. */
  readonly queued: number | undefined;
  /** When its first try started, and its last one ended. */
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly retryAt: number | undefined;
  readonly status: number | undefined;
  readonly rows: Rows | undefined;
}

/** What becomes of a run when a try has ended. */
export interface NextState {
  readonly state: State;
  readonly reason?: Reason | undefined;
  /** With `up_for_retry`. */
  readonly retryAt?: number | undefined;
}

/** How far a schedule has decided which runs there are. */
export interface Mark {
  /** All that is due up to this moment is decided. */
  readonly decided: number;
  /** The latest such moment ever; later than `decided` while the clock is behind where it was. */
  readonly horizon: number;
}

/** What one tool of a try reported at its end. */
export interface ToolReport {
  readonly tool: string;
  /** Rows or lines; undefined where it did not tell. */
  readonly in: number | undefined;
  readonly out: number | undefined;
  readonly rejected: number | undefined;
  /** How long it took. */
  readonly ms: number;
  readonly status: number;
}

/** A job as a schedule has it, in words and values that JSON can hold. */
export interface JobRecord {
  readonly name: string;
  /** As it is written. */
  readonly schedule: string;
  readonly command: string;
  /** File and line. */
  readonly place: string;
  /** `When` and `Policies` of src/schedule. */
  readonly when: object;
  readonly policies: object;
  /** Of a graph; undefined for a line of a crontab. */
  readonly about?: JobAbout | undefined;
}

/** What a graph tells of itself. */
export interface JobAbout {
  readonly owner: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  /** What may be set for a run, with what it is otherwise. */
  readonly env: Readonly<Record<string, string>>;
}

/** A job that the ledger knows. */
export interface KnownJob extends JobRecord {
  /** Since when it is paused. */
  readonly paused: number | undefined;
  /** Since when no schedule has it. */
  readonly gone: number | undefined;
}

/** Numbers of rows that the tools of a try reported. */
export interface Rows {
  /** Read and written by the tool that reported last, as far as it told. */
  readonly in: number | undefined;
  readonly out: number | undefined;
  /** Rejected by all of them. */
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
  /** Of all processes of the try: CPU time, and the most memory at one moment. */
  readonly cpuSeconds: number | undefined;
  readonly peakBytes: number | undefined;
}
