/** The control: the same kills against a window that is kept by the shell alone. They must find something. */

import { writeFileSync } from 'node:fs';
import { planRounds } from './attacks-faults.js';
import { compareLines } from './findings.js';
import { textOf } from './read.js';

const OLD = Array.from({ length: 60 }, (_, at) => `old ${at} ${'x'.repeat(100)}\n`);

/** @type {import('./jobs.js').Job} */
const job = {
  name: 'tail in the shell',
  files: ['log', 'next'],
  async prepare(room) {
    writeFileSync(room.path('log'), OLD.join(''));
  },
  act: (room) => room.shell('{ tail -n 59 log; cat; } >next; cat next >log', { stdin: 'new\n' }),
  repair: (room) => room.shell('{ tail -n 59 log; cat; } >next; cat next >log', { stdin: 'next\n' }),
  look(room, { acknowledged, repaired }) {
    const next = repaired ? ['next\n'] : [];
    const wanted = [[...OLD, 'new\n', ...next].slice(-60).join('')];
    if (!acknowledged) wanted.push([...OLD, ...next].slice(-60).join(''));
    return compareLines('log', textOf(room.path('log')), wanted);
  },
  isGroup: true,
};

/** @type {readonly import('./lab.js').Attack[]} */
export const controlAttacks = [
  {
    family: 'control',
    subject: job.name,
    plan: (lab) => planRounds(lab, job, [{ act: 'kill-all' }, { act: 'tear', operations: ['write'] }]),
  },
];
