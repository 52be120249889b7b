/** Tools that write to stdout, or replace a file with their result. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { compareLines, compareSets, linesOf } from './findings.js';
import { textOf } from './read.js';

/** @typedef {import('./jobs.js').Job} Job */
/** @typedef {import('./jobs.js').Room} Room */
/** @typedef {import('./jobs.js').Moment} Moment */

/** 600 readings of two sensors; every twentieth line is broken. */
const READINGS = Array.from({ length: 600 }, (_, at) => {
  const time = new Date(Date.UTC(2026, 10, 21, 0, at)).toISOString().replace('.000', '');
  return at % 20 === 7 ? `broken ${at}\n` : `${time},${at % 2 ? 'attic' : 'cellar'},${20 + (at % 7)}.5\n`;
});
const BROKEN = READINGS.filter((line) => line.startsWith('broken'));
const GOOD = READINGS.filter((line) => !line.startsWith('broken'));

const REQUESTS = Array.from({ length: 300 }, (_, at) =>
  at % 20 === 7
    ? `no request ${at}\n`
    : `10.0.0.${at % 250} - - [21/Nov/2026:10:00:${String(at % 60).padStart(2, '0')} +0000] "GET /${at} HTTP/1.1" 200 ${at}\n`,
);
const NO_REQUESTS = REQUESTS.filter((line) => line.startsWith('no request'));

/**
 * A command with stdout in the file `out`: its status may be 0 only if the output is complete.
 *
 * @param {string} name
 * @param {readonly string[]} words
 * @param {{ readonly files?: Readonly<Record<string, string>>, readonly rejected?: readonly string[] }} [given] files in the room; rejected lines
 * @returns {Job}
 */
function filter(name, words, { files = {}, rejected = [] } = {}) {
  const run = (/** @type {Room} */ room) => room.run(words, { out: 'out' });
  return {
    name,
    files: ['out', 'whole', 'rejects', ...Object.keys(files)],
    async prepare(room) {
      for (const [file, text] of Object.entries(files)) writeFileSync(room.path(file), text);
      await room.run(words, { out: 'whole' });
      if (rejected.length > 0) writeFileSync(room.path('rejects'), 'from before\n');
    },
    act: run,
    repair: run,
    look(room, { acknowledged, repaired, cut }) {
      if (!acknowledged && !repaired) return [];
      const isSafe = repaired || !cut;
      const found = isSafe
        ? compareLines('stdout', textOf(room.path('out')), [textOf(room.path('whole'))])
        : [];
      if (rejected.length === 0) return found;
      const may = ['from before\n', ...rejected];
      return [
        ...found,
        ...compareSets('rejects', textOf(room.path('rejects')), { must: may, may, torn: true }),
      ];
    },
  };
}

/**
 * A command that replaces the file `result`, which must be the complete old or new one.
 *
 * @param {string} name
 * @param {readonly string[]} words
 * @param {Readonly<Record<string, string>>} files
 * @param {string} [before] a command that creates the old result
 * @returns {Job}
 */
function replacing(name, words, files, before = 'true') {
  const run = (/** @type {Room} */ room) => room.run(words);
  return {
    name,
    files: ['result', 'old', 'new', ...Object.keys(files)],
    async prepare(room) {
      for (const [file, text] of Object.entries(files)) writeFileSync(room.path(file), text);
      await room.shell(`${before}; cp result old`);
      await run(room);
      await room.shell('mv result new; cp old result');
    },
    act: run,
    repair: run,
    look(room, { acknowledged, repaired }) {
      const read = (/** @type {string} */ file) =>
        existsSync(room.path(file)) ? readFileSync(room.path(file)) : Buffer.alloc(0);
      const result = read('result');
      if (result.equals(read('new'))) return [];
      if (acknowledged || repaired)
        return [{ kind: 'lost', text: `result is not the new one: ${result.length} bytes` }];
      if (result.equals(read('old'))) return [];
      return [
        { kind: 'torn', text: `result is neither the old one nor the new one: ${result.length} bytes` },
      ];
    },
  };
}

const ROWS = [
  'sensor,window,start,end,count,min,max,avg\n',
  ...Array.from({ length: 24 }, (_, hour) => {
    const at = (/** @type {number} */ h) =>
      new Date(Date.UTC(2026, 10, 21, h)).toISOString().replace('.000', '');
    return `attic,1h,${at(hour)},${at(hour + 1)},60,${hour},${hour + 2},${hour + 1}\n`;
  }),
].join('');

/** @type {Job} */
const truth = {
  name: 'log-gen --truth',
  files: ['out', 'truth.json'],
  async prepare(room) {
    writeFileSync(room.path('truth.json'), '{"lines":-1}\n');
  },
  act: (room) => room.run(['log-gen', '-n', '3000', '--seed', '1', '--truth', 'truth.json'], { out: 'out' }),
  repair: (room) =>
    room.run(['log-gen', '-n', '3000', '--seed', '1', '--truth', 'truth.json'], { out: 'out' }),
  look(room, { acknowledged, repaired, ended, cut }) {
    if (cut && !repaired) return [];
    const lines = linesOf(textOf(room.path('out'))).filter((line) => line.endsWith('\n')).length;
    const text = textOf(room.path('truth.json'));
    if (acknowledged || repaired) {
      if (lines !== 3000) return [{ kind: 'lost', text: `stdout: ${lines} of 3000 lines` }];
      if (text === '') return [{ kind: 'lost', text: 'truth.json is not there' }];
    }
    // Killed before it could remove the file of the previous run.
    if (text === '' || (ended.signal !== null && text === '{"lines":-1}\n')) return [];
    try {
      const said = JSON.parse(text).lines;
      if (said === lines || (ended.status !== 0 && !repaired && said === -1)) return [];
      return [{ kind: 'lost', text: `truth.json says ${said} lines, there are ${lines}` }];
    } catch {
      return [{ kind: 'torn', text: 'truth.json is not whole' }];
    }
  },
};

export const filterJobs = [
  filter('get-temp --rejects', ['get-temp', '--rejects', 'rejects', 'replay:readings.csv', '--from', '0'], {
    files: { 'readings.csv': READINGS.join('') },
    rejected: BROKEN,
  }),
  filter('get-stats --rejects', ['get-stats', '-w', '1h', '--rejects', 'rejects', 'readings.csv'], {
    files: { 'readings.csv': READINGS.join('') },
    rejected: BROKEN,
  }),
  filter('parse-log --rejects', ['parse-log', '--rejects', 'rejects', 'access.log'], {
    files: { 'access.log': REQUESTS.join('') },
    rejected: NO_REQUESTS,
  }),
  filter('lake-get', ['lake-get', 'rows.csv', 'access.log'], {
    files: { 'rows.csv': ROWS, 'access.log': REQUESTS.join('') },
  }),
  filter('plot-stats', ['plot-stats', '--width', '60', 'rows.csv'], { files: { 'rows.csv': ROWS } }),
  replacing(
    'get-stats --output',
    ['get-stats', '-w', '1h', '-o', 'result', 'readings.csv'],
    { 'readings.csv': GOOD.join('') },
    'head -n 50 readings.csv | get-stats -w 1h -o result',
  ),
  replacing(
    'plot-stats --svg',
    ['plot-stats', '--svg', 'result', 'rows.csv'],
    { 'rows.csv': ROWS },
    'head -n 9 rows.csv | plot-stats --svg result',
  ),
  replacing(
    'plot-stats --png',
    ['plot-stats', '--png', 'result', 'rows.csv'],
    { 'rows.csv': ROWS },
    'head -n 9 rows.csv | plot-stats --png result',
  ),
  truth,
];
