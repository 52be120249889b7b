/** Attacks on a path that a tool keeps writing to: the file is removed, moved or replaced between two batches. */

import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { endFindings, excerpt, linesOf } from './findings.js';
import { hours, statsOf, table } from './jobs-load.js';
import { rowsOf, textOf } from './read.js';
import { ended } from './run.js';
import { post, startServer, stopServer } from './serving.js';

/** @typedef {import('./lab.js').Lab} Lab */
/** @typedef {import('./lab.js').Attack} Attack */
/** @typedef {import('./findings.js').Finding} Finding */
/** @typedef {import('./run.js').Room} Room */

/** What happens to a file between two batches. @type {Readonly<Record<string, (room: Room, file: string) => void>>} */
const CHANGES = {
  removed: (room, file) => {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(room.path(`${file}${end}`), { force: true });
  },
  'removed without its log': (room, file) => rmSync(room.path(file), { force: true }),
  'moved away': (room, file) => {
    if (existsSync(room.path(file))) execFileSync('mv', [file, `${file}.1`], { cwd: room.folder });
  },
  replaced: (room, file) => execFileSync('mv', [`other-${file}`, file], { cwd: room.folder }),
};

const FIRST = hours(0, 10, 10);
const SECOND = hours(100, 10, 20);
const THIRD = hours(200, 10, 30);
const OTHER = hours(900, 3, 1);

/**
 * Tools that keep writing to a path: `begin` starts one; `add` sends it rows, and resolves when they are acknowledged, or after
 * long enough.
 *
 * @typedef {object} Streamed
 * @property {string} subject
 * @property {string} file
 * @property {string} other a shell command that creates the replacement
 * @property {(room: Room) => string} stored
 * @property {boolean} [isServer]
 * @property {readonly number[]} [good] statuses that acknowledge; 0 by default
 * @property {readonly string[]} words
 * @property {(rows: readonly string[], isFirst: boolean) => string} text stdin for these rows
 * @property {(row: string) => string} line the row as in `stored`
 */

/** @type {readonly Streamed[]} */
const STREAMED = [
  {
    subject: 'serve-stats st.db',
    file: 'st.db',
    isServer: true,
    words: ['st.db'],
    other: 'load-stats --to other-st.db',
    stored: (room) => statsOf(room.path('st.db')),
    text: table,
    line: (row) => `${row}\n`,
  },
  {
    subject: 'serve-stats st.csv',
    file: 'st.csv',
    isServer: true,
    words: ['st.csv'],
    other: 'cat >other-st.csv',
    stored: (room) => textOf(room.path('st.csv')),
    text: table,
    line: (row) => `${row}\n`,
  },
  {
    subject: 'load-stats to SQLite',
    file: 'st.db',
    words: ['load-stats', '--to', 'st.db'],
    other: 'load-stats --to other-st.db',
    stored: (room) => statsOf(room.path('st.db')),
    text: (rows, isFirst) => (isFirst ? table(rows) : rows.map((row) => `${row}\n`).join('')),
    line: (row) => `${row}\n`,
  },
  {
    subject: 'load-stats to CSV',
    file: 'st.csv',
    words: ['load-stats', '--to', 'st.csv'],
    other: 'cat >other-st.csv',
    stored: (room) => textOf(room.path('st.csv')),
    text: (rows, isFirst) => (isFirst ? table(rows) : rows.map((row) => `${row}\n`).join('')),
    line: (row) => `${row}\n`,
  },
  {
    subject: 'load-rows',
    file: 'rows.db',
    words: ['load-rows', '--to', 'rows.db', '--table', 't', '--linger', '50ms'],
    other: 'load-rows --to other-rows.db --table t',
    stored: (room) => rowsOf(room.path('rows.db'), 't', '"sensor","start"'),
    text: (rows, isFirst) =>
      (isFirst ? 'sensor,start\n' : '') + rows.map((row) => `${keyOf(row)}\n`).join(''),
    line: (row) => `${keyOf(row)}\n`,
  },
  {
    subject: 'buffer-tail -n 60',
    file: 'log',
    words: ['buffer-tail', '-n', '60', 'log'],
    other: 'cat >other-log',
    stored: (room) => textOf(room.path('log')),
    text: (rows) => rows.map((row) => `${row}\n`).join(''),
    line: (row) => `${row}\n`,
  },
  {
    subject: 'buffer-tail -n all',
    file: 'log',
    words: ['buffer-tail', '-n', 'all', 'log'],
    other: 'cat >other-log',
    stored: (room) => textOf(room.path('log')),
    text: (rows) => rows.map((row) => `${row}\n`).join(''),
    line: (row) => `${row}\n`,
  },
  {
    subject: 'parse-log --rejects',
    file: 'rejects',
    words: ['parse-log', '--rejects', 'rejects'],
    // All lines are rejected.
    good: [65],
    other: 'cat >other-rejects',
    stored: (room) => textOf(room.path('rejects')),
    text: (rows) => rows.map((row) => `${row}\n`).join(''),
    line: (row) => `${row}\n`,
  },
];

/** @param {string} row */
function keyOf(row) {
  const [sensor, , start] = row.split(',');
  return `${sensor},${start}`;
}

/** @type {readonly Attack[]} */
export const replacementAttacks = Object.entries(CHANGES).flatMap(([what, change]) =>
  STREAMED.filter(({ file }) => what !== 'removed without its log' || file.endsWith('.db')).map(
    (streamed) => ({
      family: `file ${what}`,
      subject: streamed.subject,
      plan: async () =>
        Array.from({ length: 2 }, (_, round) => ({
          name: round === 0 ? 'between two batches' : 'twice',
          play: (/** @type {Lab} */ lab) => streamedRound(lab, streamed, change, round + 1),
        })),
    }),
  ),
);

/**
 * @param {Lab} lab
 * @param {Streamed} streamed
 * @param {(room: Room, file: string) => void} change
 * @param {number} times
 * @returns {Promise<Finding[]>}
 */
async function streamedRound(lab, streamed, change, times) {
  const room = lab.newRoom();
  const stream = await (streamed.isServer ? openServer(room, streamed) : openPipe(room, streamed));
  const batches = [FIRST, SECOND, THIRD].slice(0, times + 1);
  /** @type {string[]} */
  let must = [];
  for (const [at, batch] of batches.entries()) {
    if (at > 0) {
      await makeOther(room, streamed);
      change(room, streamed.file);
      // The content of the replacement must be kept too.
      must = change === CHANGES.replaced ? OTHER.map(streamed.line) : [];
    }
    if (await stream.add(batch, at === 0)) must.push(...batch.map(streamed.line));
  }
  const end = await stream.end();
  const stored = new Set(linesOf(streamed.stored(room)));
  const missing = must.filter((line) => !stored.has(line));
  const found = endFindings(end);
  if (!streamed.isServer && !(streamed.good ?? [0]).includes(end.status ?? -1))
    found.push({ kind: 'other', text: `it failed with ${end.status}: ${excerpt(end.stderr)}` });
  else if (missing.length > 0)
    found.push({ kind: 'lost', text: `${missing.length} of ${must.length}: ${missing[0]?.trim()}` });
  const damaged = [...stored].find((line) => /^it cannot be read|^integrity check/.test(line));
  if (damaged) found.push({ kind: 'torn', text: damaged.trim() });
  lab.remove(room.folder);
  return found;
}

/** Creates the replacement of a file. @param {Room} room @param {Streamed} streamed */
async function makeOther(room, { other, text }) {
  const { status, stderr } = await room.shell(other, { stdin: text(OTHER, true) });
  if (status !== 0) throw new Error(`${other} does not work: ${excerpt(stderr)}`);
}

/** @param {Room} room @param {Streamed} streamed */
async function openServer(room, { words, text }) {
  const served = await startServer(room, words, { patienceMs: 60_000 });
  return {
    add: (/** @type {readonly string[]} */ rows, /** @type {boolean} */ isFirst) =>
      post(served, text(rows, isFirst)),
    end: () => stopServer(served),
  };
}

/** @param {Room} room @param {Streamed} streamed */
async function openPipe(room, { words, text, stored, line }) {
  const child = room.start(words);
  child.stdout?.resume();
  const end = ended(child, 60_000);
  return {
    /** @param {readonly string[]} rows @param {boolean} isFirst */
    async add(rows, isFirst) {
      child.stdin?.write(text(rows, isFirst));
      const last = rows.at(-1);
      for (let waited = 0; isFirst && last && waited < 8000; waited += 50) {
        if (stored(room).includes(line(last))) break;
        await sleep(50);
      }
      // Long enough to load the rows; if they are not loaded, the status must say so.
      await sleep(isFirst ? 100 : 1500);
      return true;
    },
    end() {
      child.stdin?.end();
      return end;
    },
  };
}
