/**
 * What the server tells of a ledger: the JSON of `/api/jobs`, `/api/runs` and below. Times are RFC 3339 in UTC, durations
 * seconds; null is unknown or none.
 */

/** As Airflow has them. Runs have those of `State` in src/ledger/records.ts. */
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

/** A run, as lists have it. */
export interface RunJson {
  readonly run: number;
  readonly job: string;
  readonly trigger: string;
  readonly state: RunState;
  readonly reason: string | null;
  readonly scheduled: string;
  readonly dataStart: string;
  readonly dataEnd: string;
  /** Due times that the row stands for. */
  readonly count: number;
  readonly queued: string;
  readonly start: string | null;
  readonly end: string | null;
  readonly retryAt: string | null;
  readonly tries: number;
  readonly status: number | null;
  readonly rows: RowsJson | null;
  readonly env: Readonly<Record<string, string>>;
  /** Of the file that it ran, for `/api/graphs/HASH`; null for a line of a crontab. */
  readonly graph: string | null;
  /** Who does it. */
  readonly runner: 'schedule' | 'run-tasks';
}

/** GET /api/jobs?since=: all that a schedule has, and graphs that were run by hand. */
export interface JobsJson {
  readonly now: string;
  /** Whether a schedule lives, which can do what is asked. */
  readonly live: boolean;
  /** What to ask with as `since` next time. */
  readonly version: number;
  /** All other jobs are as in that version; null: these are all, in their order. */
  readonly since: number | null;
  readonly jobs: readonly JobJson[];
}

export interface JobJson {
  readonly name: string;
  readonly kind: 'line' | 'graph';
  /** As it is written; '' for by hand. */
  readonly schedule: string;
  /** In words: `every day at 04:00`. */
  readonly words: string;
  readonly command: string;
  /** File and line. */
  readonly place: string;
  readonly owner: string | null;
  readonly description: string | null;
  readonly tags: readonly string[];
  /** Names that `run now` may set, with what they are otherwise. */
  readonly env: Readonly<Record<string, string>>;
  /** Since when. */
  readonly paused: string | null;
  readonly gone: string | null;
  /** The last 25, the newest at the end. */
  readonly recent: readonly Pick<RunJson, 'run' | 'state' | 'reason' | 'scheduled' | 'start' | 'end'>[];
  readonly next: string | null;
  /** Seconds that successful runs take; null before the first. */
  readonly median: number | null;
  /** What looks wrong about it, in sentences. */
  readonly notices: readonly string[];
}

/** GET /api/runs?job=&state=&trigger=&from=&to=&before=&limit=: the newest first. */
export interface RunsJson {
  readonly now: string;
  readonly runs: readonly RunJson[];
  /** `before` of the next page; null at the end. */
  readonly next: number | null;
}

/** A task of a run; of a line of a crontab the one that it is. */
export interface TaskJson {
  /** `count`; of an item `count[3]`. */
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
  /** What an item is for. */
  readonly item: string | null;
  /** Of the task that is split, how many of its items have which state; null for all others. */
  readonly items: Readonly<Partial<Record<TaskState, number>>> | null;
}

/** GET /api/runs/ID: a run with its tasks (items apart) and their tries. */
export interface RunDetailJson extends RunJson {
  readonly now: string;
  readonly tasks: readonly TaskJson[];
  readonly attempts: readonly TryJson[];
}

/** GET /api/runs/ID/items?task=NAME&after=&limit=: items of a task that is split, in their order. */
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

/** GET /api/grid?job=&before=&limit=: tasks by runs, the newest run first. */
export interface GridJson {
  readonly now: string;
  /** Names of tasks, in the order of the newest file, those that are gone behind. */
  readonly tasks: readonly string[];
  readonly runs: readonly RunJson[];
  /** By run, then by task: null where the run had no such task. */
  readonly cells: readonly (readonly (TaskJson | null)[])[];
  readonly next: number | null;
}

/** GET /api/graphs/HASH: a file as it was when it ran. */
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
  /** Whether it waits for something. */
  readonly waits: boolean;
  /** Whether it is split into items. */
  readonly isSplit: boolean;
  readonly pool: string | null;
  /** From 1. */
  readonly line: number;
}

/**
 * GET /api/runs/ID/log?task=&try=&offset=&limit=: bytes of a log as text/plain (`X-Log-Size`, `X-Log-Ended: true|false`,
 * `X-Log-Offset`); with `Accept: text/event-stream` events `log` with LogEvent, whose id is the offset behind it, then `end`.
 */
export interface LogEvent {
  /** Where the text begins, in bytes. */
  readonly offset: number;
  /** What is not UTF-8 is U+FFFD. */
  readonly text: string;
}

/** What POST /api/jobs/NAME/run takes: the time that it is for, and variables that are declared. */
export interface RunRequestJson {
  readonly at?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What POST /api/runs/ID/retry takes: a failed task and what follows it; without, all that failed. */
export interface RetryRequestJson {
  readonly task?: string;
}

/** What an action is answered with (202); else `{"error": REASON}`: 409 when nobody lives who is asked, or it refuses. */
export interface ActionJson {
  readonly run: number | null;
  readonly message: string;
}

/** GET /api/runs/events: an event `change` with this, at most once a second, whenever the ledger has changed. */
export interface RunsChangeJson {
  readonly now: string;
  readonly live: boolean;
  /** Runs that may have changed; null when it is not known which. */
  readonly runs: readonly number[] | null;
}
