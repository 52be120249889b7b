/**
 * The file of a ledger: a SQLite database with a documented schema, which `sqlite3 FILE .schema` shows. Times in its
 * tables are epoch milliseconds; the view `history` shows runs with readable times.
 */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { LEDGER_APPLICATION, openDatabase, snapshot, transaction } from '../databases/sqlite-connection.ts';
import { Failure, status } from '../failure.ts';
import { UNFINISHED } from './rows.ts';
import { TOTALS_SCHEMA } from './totals.ts';

const VERSION = 1;

const SCHEMA = `
CREATE TABLE ledger (
  -- One row.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,         -- $ETL_LEDGER_ID of every process: tells its tries from those of other ledgers
  decided INTEGER,            -- the minute up to which runs have been decided
  horizon INTEGER,            -- the latest such minute ever: later than decided after the clock was set back
  boot TEXT                   -- the boot of the machine that its last schedule saw
) STRICT;
CREATE TABLE job (
  name TEXT PRIMARY KEY,
  position INTEGER NOT NULL,  -- in its schedule; -1: a graph that is run by hand
  schedule TEXT NOT NULL,     -- as written: 0 4 * * 1
  command TEXT NOT NULL,
  place TEXT NOT NULL,        -- file and line
  due TEXT NOT NULL,          -- JSON: when it is due
  policies TEXT NOT NULL,     -- JSON
  about TEXT,                 -- JSON of a graph: owner, description, tags, env (what may be set for a run); NULL for a line
  paused INTEGER,             -- since when it is paused
  gone INTEGER                -- since when no schedule has it
) STRICT, WITHOUT ROWID;
CREATE TABLE run (
  run INTEGER PRIMARY KEY AUTOINCREMENT,
  job TEXT NOT NULL,
  "trigger" TEXT NOT NULL,    -- schedule, catchup, manual, retry, backfill
  scheduled INTEGER NOT NULL, -- the time at which it was due, or for which it runs
  repeat INTEGER,             -- 0; more than 0 for a time that came again; NULL for a manual run
  data_start INTEGER NOT NULL,
  data_end INTEGER NOT NULL,
  count INTEGER NOT NULL,     -- due times that it covers: more than 1 for a gap that was missed
  state TEXT NOT NULL,        -- queued, running, success, failed, up_for_retry, skipped
  reason TEXT,                -- overlap, missed, paused, skip-on, timeout, killed, stopped, lost
  tries INTEGER NOT NULL,
  queued INTEGER NOT NULL,    -- when it was decided
  start INTEGER,              -- of its first try
  "end" INTEGER,              -- of its last try
  retry_at INTEGER,           -- when its next try is due, while it is up_for_retry
  status INTEGER,             -- exit status of its last try
  rows_in INTEGER,            -- read and written by the tool of its last try that reported last
  rows_out INTEGER,
  rejected INTEGER,           -- by all tools of its last try
  env TEXT,                   -- JSON: variables given by a person
  is_of_now INTEGER NOT NULL, -- 0: it runs for a past time, which it gets as $ETL_AT
  graph TEXT,                 -- hash of its graph; NULL for a line of a crontab
  runner TEXT                 -- path of the lock of the run-tasks that executes it; NULL for the schedule
) STRICT;
CREATE UNIQUE INDEX run_identity ON run (job, scheduled, repeat) WHERE repeat IS NOT NULL;
CREATE INDEX run_job ON run (job);
CREATE INDEX run_queued ON run (queued);
CREATE INDEX run_result ON run (job, run, state) WHERE state IN ('success', 'failed');
CREATE INDEX run_success ON run (job, data_end) WHERE state = 'success';
CREATE INDEX run_failed ON run (run) WHERE state = 'failed';
CREATE INDEX run_unfinished ON run (run) WHERE ${UNFINISHED};
CREATE TABLE try (
  run INTEGER NOT NULL,
  task TEXT NOT NULL,         -- for a line of a crontab: the name of the job
  number INTEGER NOT NULL,    -- from 1
  state TEXT NOT NULL,        -- running, success, failed, skipped
  reason TEXT,
  status INTEGER,             -- exit status: 128+n after a signal, 126 and 127 if it could not be started
  signal TEXT,
  start INTEGER,              -- NULL: intended, and perhaps started: its log tells
  "end" INTEGER,
  cpu_seconds REAL,           -- of all its processes
  peak_bytes INTEGER,         -- peak memory of all its processes together
  PRIMARY KEY (run, task, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE graph (
  -- Files of tasks, as they were when a run of them began.
  hash TEXT PRIMARY KEY,      -- SHA-256 of the text
  file TEXT NOT NULL,
  text TEXT NOT NULL,
  tasks TEXT NOT NULL         -- JSON: name, needs, triggerRule, command, waits, isSplit, pool, line of each
) STRICT, WITHOUT ROWID;
CREATE TABLE task (
  -- Tasks of the runs of graphs; a line of a crontab has none.
  run INTEGER NOT NULL,
  task TEXT NOT NULL,         -- its name; for an item of a task that is split: NAME[INDEX]
  position INTEGER NOT NULL,  -- in its file; for an item: its index
  split TEXT,                 -- for an item: the name of its task
  item TEXT,                  -- for an item: the item itself
  state TEXT NOT NULL,        -- none, scheduled, queued, running, success, failed, up_for_retry, upstream_failed, skipped, removed
  reason TEXT,
  hash TEXT NOT NULL,         -- of what it does: a change makes it another task
  tries INTEGER NOT NULL,
  queued INTEGER,             -- when everything that it needs was done
  start INTEGER,              -- of its first try, or of the first one since it was reset
  "end" INTEGER,
  retry_at INTEGER,           -- when its next try is due, while it is up_for_retry
  status INTEGER,             -- exit status of its last try
  rows_in INTEGER,            -- as for a run
  rows_out INTEGER,
  rejected INTEGER,
  PRIMARY KEY (run, task)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_whole ON task (run, position) WHERE split IS NULL;
CREATE INDEX task_item ON task (run, split, position) WHERE split IS NOT NULL;
CREATE INDEX task_item_state ON task (run, split, state) WHERE split IS NOT NULL;
CREATE TABLE report (
  -- What the tools of a try reported, in their order.
  run INTEGER NOT NULL,
  task TEXT NOT NULL,
  number INTEGER NOT NULL,
  position INTEGER NOT NULL,
  tool TEXT NOT NULL,
  rows_in INTEGER,
  rows_out INTEGER,
  rejected INTEGER,
  ms INTEGER NOT NULL,
  status INTEGER NOT NULL,
  PRIMARY KEY (run, task, number, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE request (
  -- What people have asked of the running schedule.
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL,
  verb TEXT NOT NULL,         -- run, retry, stop, pause, resume
  job TEXT,
  run INTEGER,
  task TEXT,                  -- with retry: this one and what follows it
  at INTEGER,                 -- the time for which it is to run
  who TEXT,                   -- who asked: a user of this machine, or the address of a browser
  env TEXT,                   -- JSON
  taken INTEGER,              -- when the schedule took it
  status INTEGER,             -- its answer: an exit status
  answer TEXT
) STRICT;
CREATE INDEX request_new ON request (id) WHERE taken IS NULL;
CREATE VIEW history AS
  -- Runs, for people.
  SELECT run, job, "trigger", state, reason, tries, status,
    strftime('%Y-%m-%dT%H:%M:%fZ', scheduled / 1000.0, 'unixepoch') AS scheduled,
    strftime('%Y-%m-%dT%H:%M:%fZ', start / 1000.0, 'unixepoch') AS start,
    ("end" - start) / 1000.0 AS seconds,
    (start - scheduled) / 1000.0 AS late,
    rows_in, rows_out, rejected
  FROM run;
`;

/**
 * Opens a ledger, or creates it.
 *
 * @param name the id of a new ledger
 * @param isKnown whether the ledger must have that id
 * @throws Failure (I/O) when it must and does not: the numbers of its runs mean other runs; Failure (configuration)
 */
export function openLedgerFile(path: string, name: string, isKnown: boolean): DatabaseSyncInstance {
  const database = openDatabase(path, 'WAL', (found) => {
    if (snapshot(found, () => kindOf(found)) === 'nothing') found.exec('PRAGMA auto_vacuum = INCREMENTAL');
  });
  try {
    database.exec('PRAGMA journal_size_limit = 16777216');
    if (snapshot(database, () => kindOf(database)) === 'nothing')
      transaction(database, () => kindOf(database) === 'nothing' && create(database, name));
    if (isKnown && database.prepare('SELECT name FROM ledger').get().name !== name)
      throw new Failure(status.io, 'another ledger has taken its place');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function create(database: DatabaseSyncInstance, name: string): void {
  database.exec(SCHEMA);
  database.exec(TOTALS_SCHEMA);
  database.prepare('INSERT INTO ledger VALUES (1, ?, NULL, NULL, NULL)').run(name);
  database.exec(`PRAGMA application_id = ${LEDGER_APPLICATION}`);
  database.exec(`PRAGMA user_version = ${VERSION}`);
}

/** @throws Failure (configuration) for a database of another program or a later version; the library's error */
export function kindOf(database: DatabaseSyncInstance): 'ledger' | 'nothing' {
  const { application_id: application } = database.prepare('PRAGMA application_id').get();
  if (application === LEDGER_APPLICATION) {
    const { user_version: found } = database.prepare('PRAGMA user_version').get();
    if (found === VERSION) return 'ledger';
    throw new Failure(status.config, `unknown file version ${found}: it needs a newer etlutils`);
  }
  const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get();
  if (application === 0 && tables === 0) return 'nothing';
  throw new Failure(status.config, 'not a ledger: a database of another program');
}
