/**
 * The totals of a ledger, for counters: they never decrease, even when old runs are pruned, and reading them takes
 * constant time. Triggers maintain them, so they are right whoever writes the runs.
 */

import type { LedgerFile } from './ledger-file.ts';

export const TOTALS_SCHEMA = `
CREATE TABLE run_total (
  -- Runs that have ended. A run that is retried counts again.
  job TEXT NOT NULL,
  state TEXT NOT NULL,        -- success, failed, skipped
  reason TEXT NOT NULL,       -- as for a run; '' for none
  runs INTEGER NOT NULL,
  timed INTEGER NOT NULL,     -- those whose duration is known
  seconds REAL NOT NULL,      -- from the first try's start to the last one's end
  PRIMARY KEY (job, state, reason)
) STRICT, WITHOUT ROWID;
CREATE TABLE start_total (
  -- Runs that were started.
  job TEXT PRIMARY KEY,
  runs INTEGER NOT NULL,
  queued_seconds REAL NOT NULL, -- from the decision to the start
  due INTEGER NOT NULL,       -- those with trigger schedule
  delay_seconds REAL NOT NULL -- of those, from when they were due to the start
) STRICT, WITHOUT ROWID;
CREATE TABLE try_total (
  job TEXT NOT NULL,
  task TEXT NOT NULL,         -- for an item: the task that is split
  state TEXT NOT NULL,        -- success, failed, skipped
  tries INTEGER NOT NULL,
  timed INTEGER NOT NULL,
  seconds REAL NOT NULL,
  cpu_seconds REAL NOT NULL,
  PRIMARY KEY (job, task, state)
) STRICT, WITHOUT ROWID;
CREATE TABLE tool_total (
  -- What tools reported.
  job TEXT NOT NULL,
  tool TEXT NOT NULL,
  status INTEGER NOT NULL,
  reports INTEGER NOT NULL,
  seconds REAL NOT NULL,
  rows_in INTEGER NOT NULL,
  rows_out INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  PRIMARY KEY (job, tool, status)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER run_skipped AFTER INSERT ON run WHEN NEW.state = 'skipped' BEGIN
  INSERT INTO run_total VALUES (NEW.job, NEW.state, coalesce(NEW.reason, ''), NEW.count, 0, 0)
    ON CONFLICT DO UPDATE SET runs = runs + excluded.runs;
END;
CREATE TRIGGER run_ended AFTER UPDATE OF state ON run
WHEN NEW.state IN ('success', 'failed', 'skipped') AND OLD.state IN ('queued', 'running', 'up_for_retry') BEGIN
  INSERT INTO run_total
    SELECT NEW.job, NEW.state, coalesce(NEW.reason, ''), NEW.count, seconds IS NOT NULL, coalesce(seconds, 0)
    FROM (SELECT iif(NEW."trigger" = 'retry', NULL, max(0, NEW."end" - NEW.start) / 1000.0) AS seconds) WHERE true
    ON CONFLICT DO UPDATE SET runs = runs + excluded.runs, timed = timed + excluded.timed, seconds = seconds + excluded.seconds;
END;
CREATE TRIGGER run_started AFTER UPDATE OF start ON run WHEN OLD.start IS NULL AND NEW.start IS NOT NULL BEGIN
  INSERT INTO start_total VALUES (NEW.job, 1, max(0, NEW.start - NEW.queued) / 1000.0, NEW."trigger" = 'schedule',
      iif(NEW."trigger" = 'schedule', max(0, NEW.start - NEW.scheduled) / 1000.0, 0))
    ON CONFLICT DO UPDATE SET runs = runs + 1, queued_seconds = queued_seconds + excluded.queued_seconds,
      due = due + excluded.due, delay_seconds = delay_seconds + excluded.delay_seconds;
END;
CREATE TRIGGER try_ended AFTER UPDATE OF state ON try WHEN OLD.state = 'running' AND NEW.state <> 'running' BEGIN
  INSERT INTO try_total
    SELECT run.job, coalesce((SELECT split FROM task WHERE run = NEW.run AND task = NEW.task), NEW.task), NEW.state, 1, NEW.start IS NOT NULL, coalesce(max(0, NEW."end" - NEW.start) / 1000.0, 0),
      coalesce(NEW.cpu_seconds, 0)
    FROM run WHERE run.run = NEW.run
    ON CONFLICT DO UPDATE SET tries = tries + 1, timed = timed + excluded.timed, seconds = seconds + excluded.seconds,
      cpu_seconds = cpu_seconds + excluded.cpu_seconds;
END;
CREATE TRIGGER tool_reported AFTER INSERT ON report BEGIN
  INSERT INTO tool_total
    SELECT run.job, NEW.tool, NEW.status, 1, NEW.ms / 1000.0, coalesce(NEW.rows_in, 0), coalesce(NEW.rows_out, 0),
      coalesce(NEW.rejected, 0)
    FROM run WHERE run.run = NEW.run
    ON CONFLICT DO UPDATE SET reports = reports + 1, seconds = seconds + excluded.seconds,
      rows_in = rows_in + excluded.rows_in, rows_out = rows_out + excluded.rows_out, rejected = rejected + excluded.rejected;
END;
CREATE TRIGGER job_removed AFTER DELETE ON job BEGIN
  DELETE FROM run_total WHERE job = OLD.name;
  DELETE FROM start_total WHERE job = OLD.name;
  DELETE FROM try_total WHERE job = OLD.name;
  DELETE FROM tool_total WHERE job = OLD.name;
END;
`;

export interface RunTotal {
  readonly job: string;
  readonly state: string;
  readonly reason: string;
  readonly runs: number;
  readonly timed: number;
  readonly seconds: number;
}

export interface StartTotal {
  readonly job: string;
  readonly runs: number;
  readonly queued_seconds: number;
  readonly due: number;
  readonly delay_seconds: number;
}

export interface TryTotal {
  readonly job: string;
  readonly task: string;
  readonly state: string;
  readonly tries: number;
  readonly timed: number;
  readonly seconds: number;
  readonly cpu_seconds: number;
}

export interface ToolTotal {
  readonly job: string;
  readonly tool: string;
  readonly status: number;
  readonly reports: number;
  readonly seconds: number;
  readonly rows_in: number;
  readonly rows_out: number;
  readonly rejected: number;
}

export interface Totals {
  readonly runs: readonly RunTotal[];
  readonly starts: readonly StartTotal[];
  readonly tries: readonly TryTotal[];
  readonly tools: readonly ToolTotal[];
}

/** All totals, in key order. @throws the library's error */
export function readTotals({ sql }: LedgerFile): Totals {
  return {
    runs: sql('SELECT * FROM run_total').all(),
    starts: sql('SELECT * FROM start_total').all(),
    tries: sql('SELECT * FROM try_total').all(),
    tools: sql('SELECT * FROM tool_total').all(),
  };
}
