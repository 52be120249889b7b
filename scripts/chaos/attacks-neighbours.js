/** Attacks by neighbours: others append to the same file, or do the same at the same time. */

import { appendFileSync, writeFileSync } from 'node:fs';
import { Faults } from './faults.js';
import { compareSets, endFindings, excerpt, linesOf } from './findings.js';
import { hours, statsOf, table } from './jobs-load.js';
import { rowsOf, textOf } from './read.js';
import { ended, Room } from './run.js';

/** @typedef {import('./lab.js').Lab} Lab */
/** @typedef {import('./lab.js').Attack} Attack */

const STRANGER = 'a line of a stranger\n';
const MINE = ['2026-11-21T10:00:00Z,mine,1\n', 'no time\n', '2026-11-21T10:01:00Z,mine,2\n'];

/**
 * Files that others append to with `>>`: at each call the tool is stopped, the line appended, and the tool goes on.
 *
 * @type {readonly { subject: string, file: string, words: readonly string[], mine: readonly string[] }[]}
 */
const APPENDED = [
  { subject: 'buffer-tail -n all', file: 'log', words: ['-n', 'all', 'log'], mine: MINE },
  { subject: 'buffer-tail --unique', file: 'log', words: ['-u', '-n', 'all', 'log'], mine: MINE },
  {
    subject: 'buffer-tail --overflow',
    file: 'old.log',
    words: ['-n', '1', '--overflow', 'old.log', 'log'],
    mine: MINE.slice(0, 2),
  },
  {
    subject: 'buffer-tail --rejects',
    file: 'rejects',
    words: ['--last', '1h', '--rejects', 'rejects', 'log'],
    mine: MINE.slice(1, 2),
  },
];

/** @type {readonly Attack[]} */
const appendAttacks = APPENDED.map(({ subject, file, words, mine }) => ({
  family: 'others append',
  subject,
  async plan(lab) {
    const act = (/** @type {Room} */ room) => room.start(['buffer-tail', ...words]);
    const folder = lab.newFolder();
    const faults = new Faults(lab.library, `${folder}.faults`, folder);
    writeFileSync(`${folder}/${file}`, 'before\n');
    const child = act(new Room(folder, { faults: faults.environment(undefined) }));
    child.stdin?.end(MINE.join(''));
    await ended(child);
    return faults
      .calls()
      .filter(({ number }) => number > 0)
      .map(({ number, operation }) => ({
        name: `at ${number}: ${operation}`,
        play: async () => {
          const own = lab.newFolder();
          const stops = new Faults(lab.library, `${own}.faults`, own);
          const path = `${own}/${file}`;
          writeFileSync(path, 'before\n');
          const attacked = act(new Room(own, { faults: stops.environment({ act: 'stop', at: number }) }));
          attacked.stdin?.end(MINE.join(''));
          const end = ended(attacked);
          await Promise.race([stops.untilStopped(number), end]);
          appendFileSync(path, STRANGER);
          stops.goOn();
          const found = await end;
          const must = ['before\n', STRANGER, ...(found.status === 0 ? mine : [])];
          const result = [
            ...endFindings(found),
            ...compareSets(file, textOf(path), { must, may: ['before\n', STRANGER, ...mine] }),
          ];
          lab.remove(own);
          lab.remove(`${own}.faults`);
          return result;
        },
      }));
  },
}));

const WRITERS = 12;

/**
 * Many processes at once, each with lines or rows of its own.
 *
 * @type {readonly { subject: string, words: (at: number) => readonly string[], stdin: (at: number) => string, mine: (at: number) => readonly string[], stored: (room: Room) => string }[]}
 */
const CROWDS = [
  {
    subject: 'buffer-tail -n all',
    words: () => ['buffer-tail', '-n', 'all', '--wait', '15s', 'log'],
    stdin: (at) => mineOf(at).join(''),
    mine: mineOf,
    stored: (room) => textOf(room.path('log')),
  },
  {
    subject: 'buffer-tail --overflow',
    words: () => ['buffer-tail', '-n', '5', '--overflow', 'old.log', '--wait', '15s', 'log'],
    stdin: (at) => mineOf(at).join(''),
    mine: mineOf,
    stored: (room) => textOf(room.path('old.log')) + textOf(room.path('log')),
  },
  {
    subject: 'load-stats to SQLite',
    words: () => ['load-stats', '--to', 'st.db', '--wait', '15s'],
    stdin: (at) => table(hours(0, 20, 10, `sensor${at}`)),
    mine: (at) => hours(0, 20, 10, `sensor${at}`).map((row) => `${row}\n`),
    stored: (room) => statsOf(room.path('st.db')),
  },
  {
    subject: 'load-stats to CSV',
    words: () => ['load-stats', '--to', 'st.csv', '--wait', '15s'],
    stdin: (at) => table(hours(0, 20, 10, `sensor${at}`)),
    mine: (at) => hours(0, 20, 10, `sensor${at}`).map((row) => `${row}\n`),
    stored: (room) =>
      linesOf(textOf(room.path('st.csv')))
        .slice(1)
        .join(''),
  },
  {
    subject: 'load-rows',
    words: () => ['load-rows', '--to', 'rows.db', '--table', 't', '--key', 'id', '--wait', '15s'],
    stdin: (at) => `id,name\n${at},name ${at}\n`,
    mine: (at) => [`${at},name ${at}\n`],
    stored: (room) => rowsOf(room.path('rows.db'), 't', '"id","name"'),
  },
];

/** @param {number} at */
function mineOf(at) {
  return Array.from({ length: 5 }, (_, line) => `writer ${at} line ${line} ${'x'.repeat(100)}\n`);
}

/** @type {readonly Attack[]} */
const crowdAttacks = CROWDS.map(({ subject, words, stdin, mine, stored }) => ({
  family: 'many at once',
  subject,
  isAlone: true,
  plan: async (lab) =>
    Array.from({ length: 10 }, (_, round) => ({
      name: `${WRITERS} at once, time ${round + 1}`,
      play: async () => {
        const room = lab.newRoom();
        const writers = Array.from({ length: WRITERS }, (_, at) => at);
        const ends = await Promise.all(writers.map((at) => room.run(words(at), { stdin: stdin(at) })));
        const must = writers.filter((at) => ends[at]?.status === 0).flatMap(mine);
        const lines = linesOf(stored(room));
        const found = ends.flatMap(endFindings);
        found.push(...compareSets('stored', lines.join(''), { must, may: writers.flatMap(mine) }));
        if (new Set(lines).size < lines.length)
          found.push({ kind: 'doubled', text: `${lines.length - new Set(lines).size} lines` });
        for (const { status, stderr } of ends)
          if (status !== 0)
            found.push({ kind: 'other', text: `it failed with ${status}: ${excerpt(stderr)}` });
        lab.remove(room.folder);
        return found;
      },
    })),
}));

export const neighbourAttacks = [...appendAttacks, ...crowdAttacks];
