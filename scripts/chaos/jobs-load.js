/** load-stats, load-rows and serve-stats: rows that are loaded into stores. */

import { writeFileSync } from 'node:fs';
import { compareLines, compareSets } from './findings.js';
import { rowsOf, textOf } from './read.js';
import { post, startServer, stopServer } from './serving.js';
import { shelfOf, statsUrl } from './stats-server.js';

/** @typedef {import('./jobs.js').Job} Job */
/** @typedef {import('./jobs.js').Room} Room */
/** @typedef {import('./run.js').Ended} Ended */

export const HEADER = 'sensor,window,start,end,count,min,max,avg';

/**
 * Rows of hours, as lines without their ends.
 *
 * @param {number} first the hour of the first one
 * @param {number} count
 * @param {number} value
 * @param {string} [sensor]
 */
export function hours(first, count, value, sensor = 'attic') {
  const time = (/** @type {number} */ hour) =>
    new Date(Date.UTC(2026, 10, 1, hour)).toISOString().replace('.000', '');
  return Array.from(
    { length: count },
    (_, at) =>
      `${sensor},1h,${time(first + at)},${time(first + at + 1)},60,${value - 1},${value + 1},${value}`,
  );
}

/** @param {readonly string[]} rows */
export const table = (rows) => `${[HEADER, ...rows].join('\n')}\n`;
/** @param {readonly string[]} rows */
const sorted = (rows) =>
  rows
    .toSorted()
    .map((row) => `${row}\n`)
    .join('');

/** The stored rows as lines of CSV. @param {string} path */
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

const NEXT = hours(500, 1, 30);

/** Says that the rows are safe, though they are not yet where they belong. @param {Ended} ended */
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
  act: (room) => loadToServer(room, NEW),
  acknowledges: saysKept,
  repair: (room) => loadToServer(room, NEXT),
  look(room, { acknowledged, repaired }) {
    if (!repaired) return [];
    const all = [...OLD, ...NEW, ...NEXT];
    return compareServed(room, acknowledged ? all : [...OLD, ...NEXT], all);
  },
};

const RECORDS = Array.from({ length: 200 }, (_, at) => `${at},name ${at},${at % 7}.5`);
const FIRST_RECORDS = Array.from({ length: 50 }, (_, at) => `${at},old ${at},1.5`);
/** @param {readonly string[]} records */
const records = (records) => `id,name,value\n${records.join('\n')}\n`;
/** @param {readonly string[]} records */
const inOrder = (records) =>
  records
    .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1))
    .map((record) => `${record}\n`)
    .join('');
/** @param {Room} room */
const recordsOf = (room) => rowsOf(room.path('rows.db'), 't', '"id","name","value"');

/** @type {Job} */
const keyed = {
  name: 'load-rows --key to SQLite',
  files: ['old.csv', 'new.csv', 'rows.db'],
  async prepare(room) {
    writeFileSync(room.path('old.csv'), records(FIRST_RECORDS));
    writeFileSync(room.path('new.csv'), records(RECORDS));
    await room.run(['load-rows', '--to', 'rows.db', '--table', 't', '--key', 'id', 'old.csv']);
  },
  act: (room) => room.run(['load-rows', '--to', 'rows.db', '--table', 't', '--key', 'id', 'new.csv']),
  repair: (room) => room.run(['load-rows', '--to', 'rows.db', '--table', 't', '--key', 'id', 'new.csv']),
  look(room, { acknowledged, repaired }) {
    const wanted = [inOrder(RECORDS)];
    if (!acknowledged && !repaired) wanted.push(inOrder(FIRST_RECORDS));
    return compareLines('rows.db', recordsOf(room), wanted);
  },
};

const MORE = Array.from({ length: 20 }, (_, at) => `${1000 + at},next ${at},2.5`);

/** @type {Job} */
const unkeyed = {
  name: 'load-rows to SQLite',
  files: ['old.csv', 'new.csv', 'more.csv', 'rows.db'],
  async prepare(room) {
    writeFileSync(room.path('old.csv'), records(FIRST_RECORDS));
    writeFileSync(room.path('new.csv'), records(RECORDS));
    writeFileSync(room.path('more.csv'), records(MORE));
    await room.run(['load-rows', '--to', 'rows.db', '--table', 't', 'old.csv']);
  },
  act: (room) => room.run(['load-rows', '--to', 'rows.db', '--table', 't', 'new.csv']),
  repair: (room) => room.run(['load-rows', '--to', 'rows.db', '--table', 't', 'more.csv']),
  look(room, { acknowledged, repaired }) {
    const next = repaired ? MORE : [];
    const wanted = [inOrder([...FIRST_RECORDS, ...RECORDS, ...next])];
    if (!acknowledged) wanted.push(inOrder([...FIRST_RECORDS, ...next]));
    return compareLines('rows.db', recordsOf(room), wanted);
  },
};

const BATCHES = [hours(0, 30, 10), hours(100, 30, 20), hours(200, 30, 30)];

/** Which batches of a room serve-stats has acknowledged. @type {Map<string, Set<number>>} */
const acknowledgedBatches = new Map();

/**
 * @param {string} store
 * @param {(room: Room) => string} stored all rows, as lines
 * @returns {Job}
 */
function posting(store, stored) {
  return {
    name: `serve-stats ${store}`,
    makesStore: true,
    files: [store],
    async prepare() {},
    async act(room) {
      const known = new Set();
      acknowledgedBatches.set(room.id, known);
      const served = await startServer(room, [store]);
      for (const [at, batch] of BATCHES.entries()) if (await post(served, table(batch))) known.add(at);
      return stopServer(served);
    },
    // What it has acknowledged is known batch by batch.
    acknowledges: () => false,
    succeeds: ({ signal }) => signal === 'SIGTERM',
    async repair(room) {
      const served = await startServer(room, [store]);
      await post(served, table(NEXT));
      return { ...(await stopServer(served)), status: 0 };
    },
    look(room, { repaired }) {
      const known = acknowledgedBatches.get(room.id);
      const next = repaired ? NEXT : [];
      // Batches are posted one after the other, so that each of them is there or not.
      const wanted = [0, 1, 2, 3, 4, 5, 6, 7]
        .filter((set) => BATCHES.every((_, at) => (set & (1 << at)) !== 0 || !known?.has(at)))
        .map((set) => sorted([...BATCHES.filter((_, at) => set & (1 << at)).flat(), ...next]));
      return compareLines(store, stored(room), wanted);
    },
  };
}

/** @param {Room} room */
function csvRows(room) {
  const [, ...rows] = textOf(room.path('st.csv')).split('\n').slice(0, -1);
  return sorted(rows);
}

export const loadJobs = [
  sqlite,
  newSqlite,
  csv,
  spooling,
  draining,
  keyed,
  unkeyed,
  posting('st.db', (room) => statsOf(room.path('st.db'))),
  posting('st.csv', csvRows),
];
