/**
 * The JSON of the runs API: `/api/jobs`, `/api/runs` and below. Times are RFC 3339 in UTC, durations in seconds; null means
 * unknown or none.
 */

/** As in Airflow. Runs have the `State` of src/ledger/records.ts. */
export type TaskState =
  | 'none'
  | 'scheduled'
  | 'queued'
  | 'running'
  | 'success'
  | 'failed'
  | 'up_for_retry'
  | 'upstream_failed'
  | 'skipped'
  | 'removed';

export type RunState = 'queued' | 'running' | 'success' | 'failed' | 'up_for_retry' | 'skipped';

export interface RowsJson {
  readonly in: number | null;
  readonly out: number | null;
  readonly rejected: number;
}

/** A run in a list. */
export interface RunJson {
  readonly run: number;
  readonly job: string;
  readonly trigger: string;
  readonly state: RunState;
  readonly reason: string | null;
  readonly scheduled: string;
  readonly dataStart: string;
  readonly dataEnd: string;
  /** Number of due times that this run covers. */
  readonly count: number;
  readonly queued: string;
  readonly start: string | null;
  readonly end: string | null;
  readonly retryAt: string | null;
  readonly tries: number;
  readonly status: number | null;
  readonly rows: RowsJson | null;
  readonly env: Readonly<Record<string, string>>;
  /** Hash of the file it ran, for `/api/graphs/HASH`; null for a crontab line. */
  readonly graph: string | null;
  /** What executes it. */
  readonly runner: 'schedule' | 'run-tasks';
}

/** GET /api/jobs?since=: all jobs of the schedule, and graphs that were run by hand. */
export interface JobsJson {
  readonly now: string;
  /** Whether a schedule is running that can carry out actions. */
  readonly live: boolean;
  /** The `since` of the next request. */
  readonly version: number;
  /** The version that `jobs` is relative to: other jobs have not changed; null if these are all, in order. */
  readonly since: number | null;
  readonly jobs: readonly JobJson[];
}

export interface JobJson {
  readonly name: string;
  readonly kind: 'line' | 'graph';
  /** As written; '' for a job run by hand. */
  readonly schedule: string;
  /** Described: `every day at 04:00`. */
  readonly words: string;
  readonly command: string;
  /** File and line. */
  readonly place: string;
  readonly owner: string | null;
  readonly description: string | null;
  readonly tags: readonly string[];
  /** Variables that `run now` may set, with their defaults. */
  readonly env: Readonly<Record<string, string>>;
  /** Since when it has been paused or removed. */
  readonly paused: string | null;
  readonly gone: string | null;
  /** The last 25, newest last. */
  readonly recent: readonly Pick<RunJson, 'run' | 'state' | 'reason' | 'scheduled' | 'start' | 'end'>[];
  readonly next: string | null;
  /** Median duration of successful runs in seconds; null before the first. */
  readonly median: number | null;
  /** What looks wrong with it, in sentences. */
  readonly notices: readonly string[];
}

/** GET /api/runs?job=&state=&trigger=&from=&to=&before=&limit=: newest first. */
export interface RunsJson {
  readonly now: string;
  readonly runs: readonly RunJson[];
  /** The `before` of the next page; null at the end. */
  readonly next: number | null;
}

/** A task of a run; a crontab line is its own only task. */
export interface TaskJson {
  /** `count`, or `count[3]` for an item. */
  readonly task: string;
  readonly state: TaskState;
  readonly reason: string | null;
  readonly tries: number;
  readonly status: number | null;
  readonly queued: string | null;
  readonly start: string | null;
  readonly end: string | null;
  readonly retryAt: string | null;
  readonly rows: RowsJson | null;
  /** The value of an item. */
  readonly item: string | null;
  /** For a task that is split, the number of its items by state; null for others. */
  readonly items: Readonly<Partial<Record<TaskState, number>>> | null;
}

/** GET /api/runs/ID: a run with its tasks (without items) and their tries. */
export interface RunDetailJson extends RunJson {
  readonly now: string;
  readonly tasks: readonly TaskJson[];
  readonly attempts: readonly TryJson[];
}

/** GET /api/runs/ID/items?task=NAME&after=&limit=: the items of a task that is split, in order. */
export interface ItemsJson {
  readonly items: readonly TaskJson[];
  readonly next: number | null;
}

export interface TryJson {
  readonly task: string;
  /** From 1. */
  readonly number: number;
  readonly state: 'running' | 'success' | 'failed' | 'skipped';
  readonly reason: string | null;
  readonly status: number | null;
  readonly signal: string | null;
  readonly start: string | null;
  readonly end: string | null;
  readonly cpuSeconds: number | null;
  readonly peakBytes: number | null;
}

/** GET /api/grid?job=&before=&limit=: tasks by runs, newest run first. */
export interface GridJson {
  readonly now: string;
  /** Task names in the order of the newest file, then removed tasks. */
  readonly tasks: readonly string[];
  readonly runs: readonly RunJson[];
  /** By run, then by task; null if the run had no such task. */
  readonly cells: readonly (readonly (TaskJson | null)[])[];
  readonly next: number | null;
}

/** GET /api/graphs/HASH: a graph file as it was when it ran. */
export interface GraphJson {
  readonly hash: string;
  readonly file: string;
  readonly text: string;
  readonly tasks: readonly GraphTaskJson[];
}

export interface GraphTaskJson {
  readonly name: string;
  readonly needs: readonly string[];
  readonly triggerRule: string;
  readonly command: string;
  /** Whether it waits for a condition. */
  readonly waits: boolean;
  /** Whether it is split into items. */
  readonly isSplit: boolean;
  readonly pool: string | null;
  /** From 1. */
  readonly line: number;
}

/**
 * GET /api/runs/ID/log?task=&try=&offset=&limit=: bytes of a log as text/plain (`X-Log-Size`, `X-Log-Ended: true|false`,
 * `X-Log-Offset`); with `Accept: text/event-stream`, events `log` with a LogEvent, whose id is the next offset, then `end`.
 */
export interface LogEvent {
  /** Byte offset of the text. */
  readonly offset: number;
  /** Invalid UTF-8 becomes U+FFFD. */
  readonly text: string;
}

/** The body of POST /api/jobs/NAME/run: the time it is for, and values of declared variables. */
export interface RunRequestJson {
  readonly at?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The body of POST /api/runs/ID/retry: a failed task, to retry it and what depends on it; without it, all that failed. */
export interface RetryRequestJson {
  readonly task?: string;
}

/** The response to an action (202); else `{"error": REASON}`: 409 if nobody is running to carry it out, or it is refused. */
export interface ActionJson {
  readonly run: number | null;
  readonly message: string;
}

/** GET /api/runs/events: an event `change` with this whenever the ledger has changed, at most once a second. */
export interface RunsChangeJson {
  readonly now: string;
  readonly live: boolean;
  /** Runs that may have changed; null if unknown. */
  readonly runs: readonly number[] | null;
}
