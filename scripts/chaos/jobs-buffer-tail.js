/** buffer-tail: windows, append-only logs, overflow, unique lines, rejects. */

import { writeFileSync } from 'node:fs';
import { compareLines, compareSets } from './findings.js';
import { textOf } from './read.js';

/** @typedef {import('./jobs.js').Job} Job */
/** @typedef {import('./jobs.js').Room} Room */

const COUNT = 60;
const OLD = lines('old', COUNT);
const NEW = lines('new', 5);
const NEXT = lines('next', 1);

/** Lines with a time each, one per minute, long enough to fill several pages. @param {string} name @param {number} count */
function lines(name, count) {
  const first = Date.parse(
    { old: '2026-11-21T10:00Z', new: '2026-11-21T11:00Z' }[name] ?? '2026-11-21T11:05Z',
  );
  return Array.from({ length: count }, (_, at) => {
    const time = new Date(first + at * 60_000).toISOString().replace('.000', '');
    return `${time},${name}-${at}-${'x'.repeat(200)},${at}\n`;
  });
}

/** @param {readonly string[]} all */
const windowOf = (all) => all.slice(-COUNT).join('');

/** @param {readonly string[]} words @param {readonly string[]} stdin */
const run = (words, stdin) => (/** @type {Room} */ room) =>
  room.run(['buffer-tail', ...words], { stdin: stdin.join('') });

/** @param {Room} room */
const prepare = async (room) => writeFileSync(room.path('log'), OLD.join(''));

/** @type {Job} */
const tail = {
  name: 'buffer-tail -n 60',
  files: ['log'],
  prepare,
  act: run(['-n', '60', 'log'], NEW),
  repair: run(['-n', '60', 'log'], NEXT),
  look(room, { acknowledged, repaired }) {
    const next = repaired ? NEXT : [];
    const wanted = [windowOf([...OLD, ...NEW, ...next])];
    if (!acknowledged) wanted.push(windowOf([...OLD, ...next]));
    return compareLines('log', textOf(room.path('log')), wanted);
  },
};

/** @type {Job} */
const all = {
  name: 'buffer-tail -n all',
  files: ['log'],
  prepare,
  act: run(['-n', 'all', 'log'], NEW),
  repair: run(['-n', 'all', 'log'], NEXT),
  look(room, { acknowledged, repaired }) {
    const text = textOf(room.path('log'));
    const grown = [...OLD, ...NEW].join('');
    if (!acknowledged && !repaired) {
      // Appended in place: the next run removes an incomplete line.
      const isPart = grown.startsWith(text) && text.length >= OLD.join('').length;
      return isPart ? [] : compareLines('log', text, [grown]);
    }
    const counts = acknowledged ? [NEW.length] : [...NEW.keys(), NEW.length];
    const next = repaired ? NEXT : [];
    return compareLines(
      'log',
      text,
      counts.map((count) => [...OLD, ...NEW.slice(0, count), ...next].join('')),
    );
  },
};

/** @type {Job} */
const overflow = {
  name: 'buffer-tail --overflow',
  files: ['log', 'old.log'],
  async prepare(room) {
    writeFileSync(room.path('old.log'), OLD.slice(0, 20).join(''));
    writeFileSync(room.path('log'), OLD.slice(20).join(''));
  },
  act: run(['-n', '20', '--overflow', 'old.log', 'log'], NEW),
  repair: run(['-n', '20', '--overflow', 'old.log', 'log'], NEXT),
  look(room, { acknowledged, repaired }) {
    const window = textOf(room.path('log'));
    if (!acknowledged && !repaired)
      return compareLines('log', window, [OLD.slice(20).join(''), [...OLD, ...NEW].slice(-20).join('')]);
    const next = repaired ? NEXT : [];
    const wanted = [[...OLD, ...NEW, ...next].join('')];
    if (!acknowledged) wanted.push([...OLD, ...next].join(''));
    return compareLines('old.log and log', textOf(room.path('old.log')) + window, wanted);
  },
};

/** @type {Job} */
const unique = {
  name: 'buffer-tail --unique -n all',
  files: ['log'],
  prepare,
  act: run(['-u', '-n', 'all', 'log'], NEW),
  repair: run(['-u', '-n', 'all', 'log'], NEW),
  look(room, { acknowledged, repaired }) {
    if (!acknowledged && !repaired) return [];
    return compareLines('log', textOf(room.path('log')), [[...OLD, ...NEW].join('')]);
  },
};

const BAD = Array.from({ length: 8 }, (_, at) => `bad line ${at} ${'y'.repeat(300)}\n`);
const MIXED = NEW.flatMap((line, at) => [line, ...(BAD[at] ? [BAD[at]] : [])]).concat(BAD.slice(NEW.length));
const REJECTING = ['--last', '3h', '--rejects', 'rejects', 'log'];

/** @type {Job} */
const rejects = {
  name: 'buffer-tail --rejects',
  files: ['log', 'rejects'],
  async prepare(room) {
    await prepare(room);
    writeFileSync(room.path('rejects'), 'from before\n');
  },
  act: run(REJECTING, MIXED),
  repair: run(REJECTING, [...NEXT, ...BAD.slice(0, 1)]),
  look(room, { acknowledged, repaired }) {
    const next = repaired ? NEXT : [];
    const wanted = [[...OLD, ...NEW, ...next].join('')];
    if (!acknowledged) wanted.push([...OLD, ...next].join(''));
    const must = ['from before\n', ...(acknowledged ? BAD : repaired ? BAD.slice(0, 1) : [])];
    return [
      ...compareLines('log', textOf(room.path('log')), wanted),
      ...compareSets('rejects', textOf(room.path('rejects')), {
        must,
        may: ['from before\n', ...BAD],
        torn: true,
      }),
    ];
  },
};

export const bufferTailJobs = [tail, all, overflow, unique, rejects];
