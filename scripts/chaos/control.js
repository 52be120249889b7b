/** The control: a window kept by the shell, with known weaknesses, which the same attacks must find. */

import { writeFileSync } from 'node:fs';
import { planRounds } from './attacks-faults.js';
import { compareLines } from './findings.js';
import { textOf } from './read.js';

/** @typedef {import('./jobs.js').Job} Job */

const OLD = Array.from({ length: 60 }, (_, at) => `old ${at} ${'x'.repeat(100)}\n`);

/** @param {string} name @param {string} line @returns {Job} */
const shellJob = (name, line) => ({
  name,
  files: ['log', 'next'],
  async prepare(room) {
    writeFileSync(room.path('log'), OLD.join(''));
  },
  act: (room) => room.shell(line, { stdin: 'new\n' }),
  repair: (room) => room.shell(line, { stdin: 'next\n' }),
  look(room, { acknowledged, repaired }) {
    const next = repaired ? ['next\n'] : [];
    const wanted = [[...OLD, 'new\n', ...next].slice(-60).join('')];
    if (!acknowledged) wanted.push([...OLD, ...next].slice(-60).join(''));
    return compareLines('log', textOf(room.path('log')), wanted);
  },
});

const inPlace = shellJob('killed, written in place', '{ tail -n 59 log; cat; } >next; cat next >log');
const unsynced = shellJob('power cut, renamed without sync', '{ tail -n 59 log; cat; } >next; mv next log');

/** @type {readonly import('./lab.js').Attack[]} */
export const controlAttacks = [
  {
    family: 'control',
    subject: inPlace.name,
    plan: (lab) => planRounds(lab, inPlace, [{ act: 'kill-all' }, { act: 'tear', operations: ['write'] }]),
  },
  .../** @type {const} */ (['names too', 'contents']).map((cut) => ({
    family: 'control',
    subject: `${unsynced.name}, unsynced ${cut}`,
    plan: (/** @type {import('./lab.js').Lab} */ lab) =>
      planRounds(lab, unsynced, [{ act: 'kill-all', cut, andAfter: true }]),
  })),
];
