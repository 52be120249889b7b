/** Pipelines, and the cron script, as a whole. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareLines, linesOf } from './findings.js';
import { rowsOf, textOf } from './read.js';
import { root } from './run.js';

/** @typedef {import('./jobs.js').Job} Job */
/** @typedef {import('./jobs.js').Room} Room */
/** @typedef {import('./findings.js').Finding} Finding */

const FIRST = Date.parse('2026-11-21T10:00:00Z');
export const SCRIPT = join(root, 'scripts', 'Temperature_ETL.sh');

/** @param {Room} room @param {number} minute */
function runMinute(room, minute) {
  const at = new Date(FIRST + minute * 60_000).toISOString();
  const env = { ETL_HOME: room.folder, ETL_AT: at, GET_TEMP_SENSOR: 'sim:attic' };
  return room.run([SCRIPT], { env });
}

/** Repaired by the run of the next minute, as with cron. @type {Job} */
const script = {
  name: 'Temperature_ETL.sh',
  files: ['temperature.log', 'readings-2026-11.log', 'temp_stats.csv', 'stats.db', 'spool', 'spool/.lock'],
  isGroup: true,
  async prepare(room) {
    for (const minute of [0, 1, 2]) await runMinute(room, minute);
  },
  act: (room) => runMinute(room, 3),
  repair: (room) => runMinute(room, 4),
  look(room, { acknowledged, repaired }) {
    const log = textOf(room.path('readings-2026-11.log'));
    const minutes = linesOf(log).map((line) => (Date.parse(line.slice(0, 20)) - FIRST) / 60_000);
    if (!acknowledged && !repaired) return [];
    /** @type {Finding[]} */
    const found = [];
    const wanted = [0, 1, 2, ...(acknowledged ? [3] : []), ...(repaired ? [4] : [])];
    for (const minute of wanted)
      if (!minutes.includes(minute)) found.push({ kind: 'lost', text: `the month lacks minute ${minute}` });
    // All archived readings must be in the hour, and in its statistics, too.
    found.push(...compareLines('temperature.log', textOf(room.path('temperature.log')), [log]));
    const counts = rowsOf(room.path('stats.db'), 'stats', '"window","end","count"');
    const hour = `1h,2026-11-21T11:00:00Z,${minutes.length}\n`;
    if (!counts.includes(hour)) found.push({ kind: 'lost', text: `stats.db lacks ${hour.trim()}` });
    return found;
  },
};

const WHOLE = 400;

/** @type {Job} */
const pipe = {
  name: 'get-temp | buffer-tail',
  files: ['log', 'whole'],
  isGroup: true,
  async prepare(room) {
    await room.shell(`${take()} | buffer-tail -u -n all log >whole`);
    writeFileSync(room.path('log'), '');
  },
  act: (room) => room.shell(`${take()} | buffer-tail -u -n all log >/dev/null`),
  repair: (room) => room.shell(`${take()} | buffer-tail -u -n all log >/dev/null`),
  look(room, { acknowledged, repaired }) {
    if (!acknowledged && !repaired) return [];
    return compareLines('log', textOf(room.path('log')), [textOf(room.path('whole'))]);
  },
};

function take() {
  const to = new Date(FIRST + WHOLE * 60_000).toISOString();
  return `get-temp sim:attic --from ${new Date(FIRST).toISOString()} --to ${to}`;
}

/** @type {Job} */
const toStore = {
  name: 'get-stats | load-stats',
  makesStore: true,
  files: ['readings.log', 'hours.db', 'whole'],
  isGroup: true,
  async prepare(room) {
    await room.shell(`${take()} >readings.log; get-stats -w 1h readings.log >whole`);
  },
  act: (room) => room.shell('get-stats -w 1h readings.log | load-stats --to hours.db'),
  repair: (room) => room.shell('get-stats -w 1h readings.log | load-stats --to hours.db'),
  look(room, { acknowledged, repaired }) {
    if (!acknowledged && !repaired) return [];
    const wanted = textOf(room.path('whole')).split('\n').slice(1, -1);
    const keys = wanted.map((row) => `${row.split(',').slice(0, 5).join(',')}\n`).join('');
    return compareLines(
      'hours.db',
      rowsOf(room.path('hours.db'), 'stats', '"sensor","window","start","end","count"'),
      [keys],
    );
  },
};

/** @type {Job} */
const web = {
  name: 'log-gen | parse-log | load-rows',
  makesStore: true,
  files: ['web.db'],
  isGroup: true,
  async prepare() {},
  act: (room) => room.shell(loadWeb()),
  repair: (room) => room.shell(loadWeb()),
  look(room, { acknowledged, repaired }) {
    if (!acknowledged && !repaired) return [];
    const count = rowsOf(room.path('web.db'), 't', 'n');
    return compareLines('web.db', count, [Array.from({ length: 500 }, (_, at) => `${at + 1}\n`).join('')]);
  },
};

/** With line numbers as the key. */
function loadWeb() {
  return (
    'log-gen -n 500 --seed 3 --format combined | parse-log --fields time,path,bytes | ' +
    `awk 'NR == 1 { print "n," $0; next } { print NR - 1 "," $0 }' | load-rows --to web.db --table t --key n`
  );
}

export const pipelineJobs = [script, pipe, toStore, web];
