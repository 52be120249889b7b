/** load-stats: loads rows into stores, through a spool if the store is a server. */

import { writeFileSync } from 'node:fs';
import { compareLines, compareSets } from './findings.js';
import { rowsOf, textOf } from './read.js';
import { shelfOf, statsUrl } from './stats-server.js';

/** @typedef {import('./jobs.js').Job} Job */
/** @typedef {import('./jobs.js').Room} Room */
/** @typedef {import('./run.js').Ended} Ended */

export const HEADER = 'sensor,window,start,end,count,min,max,avg';

/**
 * Hourly rows, as lines without newlines.
 *
 * @param {number} first the hour of the first row
 * @param {number} count
 * @param {number} value
 * @param {string} [sensor]
 */
export function hours(first, count, value, sensor = 'attic') {
  const time = (/** @type {number} */ hour) =>
    new Date(Date.UTC(2020, 10, 1, hour)).toISOString().replace('.000', '');
  return Array.from(
    { length: count },
    (_, at) =>
      `${sensor},1h,${time(first + at)},${time(first + at + 1)},60,${value - 1},${value + 1},${value}`,
  );
}

/** @param {readonly string[]} rows */
export const table = (rows) => `${[HEADER, ...rows].join('\n')}\n`;
/** @param {readonly string[]} rows */
export const sorted = (rows) =>
  rows
    .toSorted()
    .map((row) => `${row}\n`)
    .join('');

/** The stored rows as CSV lines. @param {string} path */
export const statsOf = (path) =>
  rowsOf(
    path,
    'stats',
    '"sensor","window","start","end","count",CAST("min" AS INT),CAST("max" AS INT),CAST("avg" AS INT)',
  );

const OLD = hours(0, 60, 10);
const NEW = hours(30, 60, 20);
const BOTH = [...OLD.slice(0, 30), ...NEW];

/** @type {Job} */
const sqlite = {
  name: 'load-stats to SQLite',
  files: ['old.csv', 'new.csv', 'st.db'],
  async prepare(room) {
    writeFileSync(room.path('old.csv'), table(OLD));
    writeFileSync(room.path('new.csv'), table(NEW));
    await room.run(['load-stats', '--to', 'st.db', 'old.csv']);
  },
  act: (room) => room.run(['load-stats', '--to', 'st.db', 'new.csv']),
  repair: (room) => room.run(['load-stats', '--to', 'st.db', 'new.csv']),
  look(room, { acknowledged, repaired }) {
    const wanted = [sorted(BOTH)];
    if (!acknowledged && !repaired) wanted.push(sorted(OLD));
    return compareLines('st.db', statsOf(room.path('st.db')), wanted);
  },
};

/** @type {Job} */
const newSqlite = {
  name: 'load-stats to a new SQLite store',
  makesStore: true,
  files: ['new.csv', 'st.db'],
  async prepare(room) {
    writeFileSync(room.path('new.csv'), table(NEW));
  },
  act: sqlite.act,
  repair: sqlite.repair,
  look(room, { acknowledged, repaired }) {
    const wanted = [sorted(NEW)];
    if (!acknowledged && !repaired) wanted.push('');
    return compareLines('st.db', statsOf(room.path('st.db')), wanted);
  },
};

/** @type {Job} */
const csv = {
  name: 'load-stats to CSV',
  files: ['old.csv', 'new.csv', 'st.csv'],
  async prepare(room) {
    writeFileSync(room.path('old.csv'), table(OLD));
    writeFileSync(room.path('new.csv'), table(NEW));
    await room.run(['load-stats', '--to', 'st.csv', 'old.csv']);
  },
  act: (room) => room.run(['load-stats', '--to', 'st.csv', 'new.csv']),
  repair: (room) => room.run(['load-stats', '--to', 'st.csv', 'new.csv']),
  look(room, { acknowledged, repaired }) {
    const wanted = [table(BOTH)];
    if (!acknowledged && !repaired) wanted.push(table(OLD));
    return compareLines('st.csv', textOf(room.path('st.csv')), wanted);
  },
};

/** @param {Room} room @param {readonly string[]} rows */
async function loadToServer(room, rows) {
  const words = ['load-stats', '--to', await statsUrl(room), '--spool', 'spool', '--wait', '3s'];
  return room.run(words, { stdin: table(rows) });
}

export const NEXT = hours(500, 1, 30);

/** Whether it says that the rows are safe, though perhaps only in the spool. @param {Ended} ended */
const saysKept = ({ status, stderr }) => status === 0 || / kept in /.test(stderr);

/** @param {Room} room @param {readonly string[]} must @param {readonly string[]} may */
const compareServed = (room, must, may) =>
  compareSets('server', [...shelfOf(room).rows].map((row) => `${row}\n`).join(''), {
    must: must.map((row) => `${row}\n`),
    may: may.map((row) => `${row}\n`),
  });

/** @type {Job} */
const spooling = {
  name: 'load-stats --spool, server down',
  makesStore: true,
  files: ['spool', 'spool/.lock'],
  async prepare() {},
  act(room) {
    shelfOf(room).isDown = true;
    return loadToServer(room, NEW);
  },
  acknowledges: saysKept,
  repair(room) {
    shelfOf(room).isDown = false;
    return loadToServer(room, NEXT);
  },
  look(room, { acknowledged, repaired }) {
    if (!repaired) return [];
    return compareServed(room, acknowledged ? [...NEW, ...NEXT] : NEXT, [...NEW, ...NEXT]);
  },
};

/** @type {Job} */
const draining = {
  name: 'load-stats --spool, server up again',
  files: ['spool', 'spool/.lock'],
  async prepare(room) {
    shelfOf(room).isDown = true;
    await loadToServer(room, OLD.slice(0, 30));
    await loadToServer(room, OLD.slice(30));
  },
  act(room) {
    shelfOf(room).isDown = false;
    return loadToServer(room, NEW);
  },
  acknowledges: saysKept,
  repair: (room) => loadToServer(room, NEXT),
  look(room, { acknowledged, repaired }) {
    if (!repaired) return [];
    const all = [...OLD, ...NEW, ...NEXT];
    return compareServed(room, acknowledged ? all : [...OLD, ...NEXT], all);
  },
};

export const loadJobs = [sqlite, newSqlite, csv, spooling, draining];
