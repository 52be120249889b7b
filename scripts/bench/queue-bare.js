/**
 * The floor for file queues, without keys, leases, groups, or any check of input:
 *
 *   put     stdin to bare.queue, a row for every 1,000 lines; each commit is durable
 *   append  stdin to bare.log, 1,000 lines at a time, with fdatasync after each
 *   take    the rows of bare.queue to stdout; its position is committed after each
 *   spawn   stdin to a command, started anew for every 1,000 lines
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';

const LINES = 1000;
const NEWLINE = 10;
const [, , what = '', ...command] = process.argv;

/** The lines of stdin in blocks of 1,000. @returns {Generator<Buffer>} */
function* blocks() {
  const chunk = Buffer.allocUnsafe(1 << 16);
  /** @type {Buffer[]} */
  let parts = [];
  let count = 0;
  for (let length = readSync(0, chunk); length > 0; length = readSync(0, chunk)) {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0 && at < length; at = chunk.indexOf(NEWLINE, at + 1)) {
      if (++count < LINES) continue;
      yield Buffer.concat([...parts, chunk.subarray(start, at + 1)]);
      parts = [];
      count = 0;
      start = at + 1;
    }
    parts.push(Buffer.from(chunk.subarray(start, length)));
  }
  const rest = Buffer.concat(parts);
  if (rest.length > 0) yield rest;
}

function open() {
  const database = new DatabaseSync('bare.queue');
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE IF NOT EXISTS block (first INTEGER PRIMARY KEY, time INTEGER, body BLOB)');
  database.exec('CREATE TABLE IF NOT EXISTS position (id INTEGER PRIMARY KEY, next INTEGER)');
  return database;
}

/** @type {Record<string, () => unknown>} */
const works = {
  put() {
    const database = open();
    const insert = database.prepare('INSERT INTO block VALUES (?, ?, ?)');
    let first = 0;
    for (const block of blocks()) {
      insert.run(first, Date.now(), block);
      first += LINES;
    }
    database.close();
  },
  append() {
    const file = openSync('bare.log', 'a');
    for (const block of blocks()) {
      writeSync(file, block);
      fdatasyncSync(file);
    }
    closeSync(file);
  },
  take() {
    const database = open();
    const read = database.prepare('SELECT first, body FROM block WHERE first >= ? ORDER BY first LIMIT 1');
    const move = database.prepare('INSERT OR REPLACE INTO position VALUES (1, ?)');
    for (let row = read.get(0); row !== undefined; row = read.get(Number(row.first) + 1)) {
      writeSync(1, /** @type {Uint8Array} */ (row.body));
      move.run(Number(row.first) + LINES);
    }
    database.close();
  },
  async spawn() {
    const [program = '', ...words] = command;
    for (const block of blocks()) {
      const child = spawn(program, words, { stdio: ['pipe', 'inherit', 'inherit'] });
      child.stdin.end(block);
      await once(child, 'exit');
    }
  },
};

await works[what]?.();
