/**
 * The file of a queue: a SQLite database with a documented schema, which `sqlite3 FILE .schema` shows.
 *
 * A block of messages is written once and deleted once. The state of groups is in small tables beside it.
 */

import { statSync } from 'node:fs';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { openDatabase, QUEUE_APPLICATION, snapshot, transaction } from '../../databases/sqlite-connection.ts';
import { isNoDatabase } from '../../databases/sqlite-failure.ts';
import { version } from '../../databases/sqlite-files.ts';
import { errorCode, errorText, Failure, status } from '../../failure.ts';
import type { Shape } from '../driver.ts';

const VERSION = 1;
/** Default number of partitions for keys. */
const PARTITIONS = 8;
/** WAL size at which SQLite checkpoints. */
const CHECKPOINT_PAGES = 2000;

const SCHEMA = `
CREATE TABLE queue (
  -- One row: the shape of the queue.
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,          -- tells it from other queues: eight random hexadecimal digits
  partitions INTEGER NOT NULL, -- messages with a key are in partitions 1 to this by the key's hash, all others in 0
  keep_ms INTEGER,             -- how long to keep messages that every group has taken
  keep_bytes INTEGER,          -- maximum bytes of such messages
  max_bytes INTEGER,           -- maximum bytes of all messages
  ids INTEGER NOT NULL         -- number of ids ever remembered
) STRICT;
CREATE TABLE partition (
  -- dead: 1 for dead letters, 0 for all others; the same in all tables.
  dead INTEGER NOT NULL,
  partition INTEGER NOT NULL,
  "end" INTEGER NOT NULL,      -- the number that the next message will get
  bytes INTEGER NOT NULL,      -- of its blocks
  PRIMARY KEY (dead, partition)
) STRICT, WITHOUT ROWID;
CREATE TABLE block (
  -- Messages that were put in one write. Never changed; deleted when every group has taken all of them.
  dead INTEGER NOT NULL,
  partition INTEGER NOT NULL,
  first INTEGER NOT NULL,      -- the number of its first message
  count INTEGER NOT NULL,
  time INTEGER NOT NULL,       -- when it was put, in milliseconds since 1970
  delay INTEGER NOT NULL,      -- milliseconds after that before it is ready
  bytes INTEGER NOT NULL,
  lengths TEXT NOT NULL,       -- JSON: the length of each message in bytes
  keys TEXT,                   -- JSON: the key of each message
  headers TEXT,                -- JSON: the headers of each message
  body BLOB NOT NULL,          -- the messages, one after the other
  PRIMARY KEY (dead, partition, first)
) STRICT;
CREATE INDEX block_delayed ON block (dead, partition, first) WHERE delay > 0;
CREATE TABLE position (
  -- What each group has taken: all before "next", except its ranges.
  dead INTEGER NOT NULL,
  "group" TEXT NOT NULL,
  partition INTEGER NOT NULL,
  next INTEGER NOT NULL,
  PRIMARY KEY (dead, "group", partition)
) STRICT, WITHOUT ROWID;
CREATE TABLE range (
  -- Messages before a group's position that it has not acknowledged. A batch keeps its first and last.
  dead INTEGER NOT NULL,
  "group" TEXT NOT NULL,
  partition INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  why TEXT NOT NULL,           -- taken, returned, halved; delayed, loose: no batch yet
  owner TEXT,                  -- leased as long as a process holds the lock of .FILE.lease-OWNER
  tries INTEGER NOT NULL,      -- runs that failed
  delays INTEGER NOT NULL,     -- times in a row that it was returned without a try being counted
  since INTEGER NOT NULL,      -- when its delay began, in milliseconds since 1970
  not_before INTEGER NOT NULL, -- when its delay ends
  PRIMARY KEY (dead, "group", partition, first)
) STRICT, WITHOUT ROWID;
CREATE INDEX range_waiting ON range (dead, "group", partition, not_before, first) WHERE owner IS NULL;
CREATE INDEX range_out ON range (dead, "group", owner) WHERE owner IS NOT NULL;
CREATE TABLE id (
  -- Ids of messages that are not put again.
  hash BLOB PRIMARY KEY,       -- 16 bytes of the id's SHA-256
  number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX id_number ON id (number);
CREATE VIEW message AS
  -- Single messages, for people.
  SELECT dead, partition, first + l.key AS sequence,
    strftime('%Y-%m-%dT%H:%M:%fZ', time / 1000.0, 'unixepoch') AS time,
    json_extract(keys, '$[' || l.key || ']') AS key,
    json_extract(headers, '$[' || l.key || ']') AS headers,
    CAST(substr(body, 1 + sum(l.value) OVER before - l.value, l.value) AS TEXT) AS body
  FROM block, json_each(lengths) AS l
  WINDOW before AS (PARTITION BY dead, partition, first ORDER BY l.key);
`;

/** Thrown when the queue is missing and must not be created. */
export class MissingQueue extends Failure {
  constructor() {
    super(status.noInput, 'no such queue');
  }
}

/**
 * Opens the file of a queue.
 *
 * @param shape for creating a missing queue; undefined: do not create
 * @throws MissingQueue; Failure (no input) when the file is inaccessible, (configuration) when it is another program's;
 * the library's error
 */
export function openQueueFile(path: string, shape: Shape | undefined): DatabaseSyncInstance {
  if (shape === undefined && version(path) === '') throw missing(path);
  const database = openDatabase(path, 'WAL', (found) => {
    // In one snapshot: another process may be creating it.
    if (snapshot(found, () => kindOf(found)) === 'queue') return;
    if (shape === undefined) throw new MissingQueue();
    found.exec('PRAGMA auto_vacuum = INCREMENTAL');
  });
  try {
    database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    database.exec('PRAGMA journal_size_limit = 16777216');
    // 16 MiB, for the table of ids: a put with ids touches most of its pages.
    database.exec('PRAGMA cache_size = -16384');
    if (shape !== undefined && snapshot(database, () => kindOf(database)) === 'nothing')
      transaction(database, () => kindOf(database) === 'nothing' && create(database, shape));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The error for a path without a readable file. */
function missing(path: string): Failure {
  try {
    statSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') return new Failure(status.noInput, errorText(error), { cause: error });
  }
  return new MissingQueue();
}

/** @throws Failure (configuration) for a file of another program, or of a later version of this one */
function kindOf(database: DatabaseSyncInstance): 'queue' | 'nothing' {
  const application = readApplication(database);
  if (application === QUEUE_APPLICATION) {
    const { user_version: found } = database.prepare('PRAGMA user_version').get();
    if (found === VERSION) return 'queue';
    throw new Failure(status.config, `unknown file version ${found}: it needs a newer etlutils`);
  }
  const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get();
  if (application === 0 && tables === 0) return 'nothing';
  throw new Failure(status.config, 'not a queue: a database of another program');
}

/** @throws Failure (configuration) when the file is not a database */
function readApplication(database: DatabaseSyncInstance): number {
  try {
    return database.prepare('PRAGMA application_id').get().application_id;
  } catch (error) {
    if (!isNoDatabase(error)) throw error;
    throw new Failure(status.config, 'not a queue: a file of another program', { cause: error });
  }
}

function create(database: DatabaseSyncInstance, { partitions = PARTITIONS, keep, maxBytes }: Shape): void {
  database.exec(SCHEMA);
  const keepMs = keep !== undefined && 'ms' in keep ? keep.ms : null;
  const keepBytes = keep !== undefined && 'bytes' in keep ? keep.bytes : null;
  database
    .prepare('INSERT INTO queue VALUES (1, lower(hex(randomblob(4))), ?, ?, ?, ?, 0)')
    .run(partitions, keepMs, keepBytes, maxBytes ?? null);
  const add = database.prepare('INSERT INTO partition VALUES (?, ?, 0, 0)');
  for (const dead of [0, 1])
    for (let partition = 0; partition <= partitions; partition++) add.run(dead, partition);
  database.exec(`PRAGMA application_id = ${QUEUE_APPLICATION}`);
  database.exec(`PRAGMA user_version = ${VERSION}`);
}

/** The unique id of an open queue. */
export function idOf(database: DatabaseSyncInstance): string {
  return database.prepare('SELECT name FROM queue').get().name;
}

/** The shape of an open queue. */
export function shapeOf(database: DatabaseSyncInstance): Shape {
  const { partitions, keep_ms, keep_bytes, max_bytes } = database
    .prepare('SELECT partitions, keep_ms, keep_bytes, max_bytes FROM queue')
    .get();
  const keep = keep_ms !== null ? { ms: keep_ms } : keep_bytes !== null ? { bytes: keep_bytes } : undefined;
  return { partitions, replication: undefined, keep, maxBytes: max_bytes ?? undefined };
}
