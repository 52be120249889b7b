/** Attacks by a crowd: many processes do the same at once. */

import { compareSets, endFindings, excerpt, linesOf } from './findings.js';
import { hours, statsOf, table } from './jobs-load.js';
import { rowsOf, textOf } from './read.js';

/** @typedef {import('./run.js').Room} Room */
/** @typedef {import('./lab.js').Attack} Attack */

const WRITERS = 12;

/**
 * Many processes at once, each with its own lines or rows.
 *
 * @type {readonly { subject: string, words: (at: number) => readonly string[], stdin: (at: number) => string, mine: (at: number) => readonly string[], stored: (room: Room) => string | Promise<string> }[]}
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
  {
    subject: 'queue-put',
    words: () => ['queue-put', '--wait', '15s', 'q.queue'],
    stdin: (at) => mineOf(at).join(''),
    mine: mineOf,
    stored: async (room) => (await room.run(['queue-take', '--peek', 'q.queue'])).stdout,
  },
];

/** @param {number} at */
function mineOf(at) {
  return Array.from({ length: 5 }, (_, line) => `writer ${at} line ${line} ${'x'.repeat(100)}\n`);
}

/** @type {readonly Attack[]} */
export const crowdAttacks = CROWDS.map(({ subject, words, stdin, mine, stored }) => ({
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
        const lines = linesOf(await stored(room));
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
