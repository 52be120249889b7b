/** What the ledger knows: runs of jobs, and the tries of each run. Times are epoch milliseconds. */

/** As Airflow has them, but for `queued`, which comprises its `scheduled`. */
export type State = 'queued' | 'running' | 'success' | 'failed' | 'up_for_retry' | 'skipped';

/** What made a run: its time, a gap that it makes up for, a person, a person who was not content with the run as it was. */
export type Trigger = 'schedule' | 'catchup' | 'manual' | 'retry';

/** Why a run or a try has its state, where the state does not say it. */
export type Reason =
  | 'overlap' // skipped: the run before it was still running
  | 'missed' // skipped: nothing ran at its time; one row for a gap, with a count
  | 'paused' // skipped: the job was paused
  | 'skip-on' // skipped: the command said that there was nothing to do
  | 'timeout' // failed: it took too long
  | 'killed' // failed: ended for the next run (overlap=kill)
  | 'stopped' // failed: ended by a person, or with the schedule
  | 'lost'; // failed: its runner was killed

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
}

/** Numbers of rows that the tools of a try reported. */
export interface Rows {
  /** Read and written by the tool that reported last. */
  readonly in: number;
  readonly out: number;
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

/** How far a schedule has decided which runs there are. */
export interface Mark {
  /** All that is due up to this moment is decided. */
  readonly decided: number;
  /** The latest such moment ever; later than `decided` while the clock is behind where it was. */
  readonly horizon: number;
}
