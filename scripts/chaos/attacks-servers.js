/** Attacks by servers: they respond to get-temp, get-events and load-stats slowly, wrongly, or without end. */

import { readFileSync } from 'node:fs';
import { compareSets, endFindings, excerpt } from './findings.js';
import { BEHAVIOURS, hostile } from './hostile-servers.js';
import { hours, table } from './jobs-load.js';
import { leftBehind } from './lab.js';
import { ended } from './run.js';
import { shelfOf, statsUrl } from './stats-server.js';

/** @typedef {import('./lab.js').Attack} Attack */
/** @typedef {import('./findings.js').Finding} Finding */
/** @typedef {import('./run.js').Room} Room */

const MAX_MEMORY_KB = 400 << 10;
const TOO_LARGE = 'answers 413 Payload Too Large';

/** Runs a command, and measures its peak memory. @param {Room} room @param {readonly string[]} words @param {string} stdin */
async function measured(room, words, stdin) {
  const child = room.start(words);
  let kilobytes = 0;
  const watch = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      kilobytes = Math.max(kilobytes, Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0));
    } catch {
      // The process has ended.
    }
  }, 50);
  child.stdin?.end(stdin);
  const end = await ended(child);
  clearInterval(watch);
  const found = endFindings(end);
  if (kilobytes > MAX_MEMORY_KB)
    found.push({ kind: 'other', text: `it took ${Math.round(kilobytes / 1024)} MB of memory` });
  return { end, found };
}

/** @type {Attack} */
const sensors = {
  family: 'hostile server',
  subject: 'get-temp http:',
  plan: async () =>
    Object.entries(BEHAVIOURS).map(([name, behave]) => ({
      name,
      async play(lab) {
        const server = await hostile(behave);
        const room = lab.newRoom();
        const words = ['get-temp', '--timeout', '3s', `${server.url}#/temp`];
        const { end, found } = await measured(room, words, '');
        server.close();
        if (end.status === 0 || end.stdout !== '')
          found.push({ kind: 'other', text: `a reading of nothing: ${end.status} ${excerpt(end.stdout)}` });
        lab.remove(room.folder);
        return found;
      },
    })),
};

/** Only events are printed, whatever the server sends. @type {Attack} */
const events = {
  family: 'hostile server',
  subject: 'get-events',
  plan: async () =>
    Object.entries(BEHAVIOURS).map(([name, behave]) => ({
      name,
      async play(lab) {
        const server = await hostile(behave);
        const room = lab.newRoom();
        const words = [
          'get-events',
          '--state',
          'state',
          '--wait',
          '2s',
          '--idle',
          '2s',
          '--for',
          '8s',
          server.url,
        ];
        const { end, found } = await measured(room, words, '');
        server.close();
        if (end.stdout !== '')
          found.push({ kind: 'other', text: `an event of nothing: ${excerpt(end.stdout)}` });
        lab.remove(room.folder);
        return found;
      },
    })),
};

const ROWS = hours(0, 50, 10);
const NEXT = hours(500, 1, 20);

/** Rows go to the spool, and after the repair to a server that accepts them. @type {Attack} */
const stores = {
  family: 'hostile server',
  subject: 'load-stats --spool',
  plan: async () =>
    Object.entries(BEHAVIOURS).map(([name, behave]) => ({
      name,
      async play(lab) {
        const server = await hostile(behave);
        const room = lab.newRoom();
        const load = (/** @type {string} */ to) => [
          'load-stats',
          '--to',
          to,
          '--spool',
          'spool',
          '--timeout',
          '3s',
        ];
        const { end, found } = await measured(room, load(`${server.url}api/stats`), table(ROWS));
        server.close();
        if (end.status === 0) found.push({ kind: 'other', text: 'it says that all was stored' });
        const repair = await room.run(load(await statsUrl(room)), { stdin: table(NEXT) });
        found.push(...endFindings(repair));
        // Rows that are too large even one at a time are set aside, visibly.
        const aside =
          name === TOO_LARGE ? await room.shell('cat spool/*.refused | grep -v ^sensor,') : undefined;
        const rows = [...shelfOf(room).rows].map((row) => `${row}\n`).join('') + (aside?.stdout ?? '');
        const all = [...ROWS, ...NEXT].map((row) => `${row}\n`);
        found.push(...compareSets('server', rows, { must: all, may: all }));
        const known = [
          'spool',
          'spool/.lock',
          ...(aside === undefined ? [] : ['spool/2*', 'spool/.refused']),
        ];
        for (const left of leftBehind(room.folder, known))
          found.push({ kind: 'other', text: `left behind: ${left.replace(/.*\.csv/, '*.csv')}` });
        lab.remove(room.folder);
        return found;
      },
    })),
};

export const serverAttacks = [sensors, events, stores];
