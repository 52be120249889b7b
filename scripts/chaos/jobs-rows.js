/** load-rows: with a key, so that it can be repeated safely, and without one. */

import { writeFileSync } from 'node:fs';
import { compareLines } from './findings.js';
import { rowsOf } from './read.js';

/** @typedef {import('./jobs.js').Job} Job */
/** @typedef {import('./jobs.js').Room} Room */

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

export const rowJobs = [keyed, unkeyed];
