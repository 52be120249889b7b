/** Queues and lakes: messages that are put, and taken by a command; stored objects. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { compareLines, compareSets } from './findings.js';
import { textOf } from './read.js';

/** @typedef {import('./jobs.js').Job} Job */
/** @typedef {import('./jobs.js').Room} Room */

/** Messages, as lines. @param {number} from @param {number} count */
const messages = (from, count) =>
  Array.from({ length: count }, (_, at) => `{"n":${from + at},"text":"${'x'.repeat(100)}"}\n`);

const OLD = messages(0, 10);
const NEW = messages(100, 30);
const NEXT = messages(200, 1);
const BATCH = 10;

/** @param {Room} room @param {readonly string[]} lines */
const put = (room, lines) =>
  room.run(['queue-put', '--batch', String(BATCH), 'q.queue'], { stdin: lines.join('') });

/** The unacknowledged messages of a queue. @param {Room} room */
async function waiting(room) {
  if (!existsSync(room.path('q.queue'))) return '';
  const { stdout, stderr } = await room.run(['queue-take', '--peek', 'q.queue']);
  return stdout + stderr;
}

/** @type {Job} */
const putting = {
  name: 'queue-put',
  makesStore: true,
  files: ['q.queue'],
  prepare: (room) => put(room, OLD),
  act: (room) => put(room, NEW),
  repair: (room) => put(room, NEXT),
  async look(room, { acknowledged, repaired }) {
    // Batches are stored in order, as a whole or not at all.
    const counts = acknowledged ? [NEW.length] : [0, BATCH, 2 * BATCH, NEW.length];
    const next = repaired ? NEXT : [];
    return compareLines(
      'q.queue',
      await waiting(room),
      counts.map((count) => [...OLD, ...NEW.slice(0, count), ...next].join('')),
    );
  },
};

/** @param {readonly string[]} command */
const take = (...command) => {
  const words = [
    'queue-take',
    '--batch',
    '4',
    '--exit-when-empty',
    '--wait',
    '15s',
    'q.queue',
    '--',
    ...command,
  ];
  return (/** @type {Room} */ room) => room.run(words);
};

/** @param {Room} room */
async function prepareTaking(room) {
  await put(room, OLD);
  mkdirSync(room.path('lake'));
}

/** Each message is delivered at least once. @type {Job} */
const taking = {
  name: 'queue-take',
  makesStore: true,
  isGroup: true,
  files: ['q.queue', 'lake', 'done'],
  prepare: prepareTaking,
  act: take('buffer-tail', '-n', 'all', 'done'),
  repair: take('buffer-tail', '-n', 'all', 'done'),
  async look(room, { repaired }) {
    const done = textOf(room.path('done'));
    const left = await waiting(room);
    const found = compareSets('done and q.queue', done + left, { must: OLD, may: OLD });
    if (repaired && left !== '') found.push({ kind: 'other', text: 'messages are left in the queue' });
    return found;
  },
};

/** Redelivered messages replace themselves. @type {Job} */
const storing = {
  name: 'queue-take -- lake-put',
  makesStore: true,
  isGroup: true,
  files: ['q.queue', 'lake', 'lake/q*'],
  prepare: prepareTaking,
  act: take('lake-put', 'lake/', '--ndjson'),
  async repair(room) {
    // Makes lake-put run again, whatever has happened.
    await put(room, NEXT);
    return take('lake-put', 'lake/', '--ndjson')(room);
  },
  async look(room, { acknowledged, repaired }) {
    const stored = objectsIn(room);
    if (repaired) return compareLines('lake', stored, [[...OLD, ...NEXT].join('')]);
    if (acknowledged) return compareLines('lake', stored, [OLD.join('')]);
    return compareSets('lake and q.queue', stored + (await waiting(room)), { must: OLD, may: OLD });
  },
};

/** All records of a lake, in object order. @param {Room} room */
function objectsIn(room) {
  const names = readdirSync(room.path('lake')).filter((name) => !name.startsWith('.'));
  return names
    .sort()
    .map((name) => readFileSync(room.path(`lake/${name}`), 'utf8'))
    .join('');
}

/** @type {Job} */
const replacing = {
  name: 'lake-put',
  files: ['lake', 'lake/object'],
  async prepare(room) {
    mkdirSync(room.path('lake'));
    writeFileSync(room.path('lake/object'), OLD.join(''));
  },
  act: (room) => room.run(['lake-put', 'lake/object'], { stdin: NEW.join('') }),
  repair: (room) => room.run(['lake-put', 'lake/object'], { stdin: NEW.join('') }),
  look(room, { acknowledged, repaired }) {
    const wanted = [NEW.join('')];
    if (!acknowledged && !repaired) wanted.push(OLD.join(''));
    return compareLines('lake/object', textOf(room.path('lake/object')), wanted);
  },
};

export const queueJobs = [putting, taking, storing, replacing];
