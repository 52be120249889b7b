/** Attacks by clients: serve-stats is besieged, while a well-behaved client continues to post and query. */

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { compareSets, endFindings } from './findings.js';
import { hours, statsOf, table } from './jobs-load.js';
import { textOf } from './read.js';
import { post, startServer, stopServer } from './serving.js';
import { SIEGES, Siege, TOKEN } from './sieges.js';

/** @typedef {import('./lab.js').Attack} Attack */
/** @typedef {import('./lab.js').Lab} Lab */
/** @typedef {import('./findings.js').Finding} Finding */

const ATTACK_MS = 4000;
/** /healthz must respond within this time. */
const HEALTH_MS = 5000;
const MAX_MEMORY_KB = 800 << 10;

/**
 * @param {string} store
 * @param {(path: string) => string} stored
 * @returns {Attack}
 */
const besieged = (store, stored) => ({
  family: 'hostile client',
  subject: `serve-stats ${store}`,
  isAlone: true,
  plan: async () =>
    Object.entries(SIEGES).map(([name, attack]) => ({
      name,
      play: (lab) => play(lab, store, stored, attack),
    })),
});

/**
 * @param {Lab} lab
 * @param {string} store
 * @param {(path: string) => string} stored
 * @param {(siege: Siege) => unknown} attack
 * @returns {Promise<Finding[]>}
 */
async function play(lab, store, stored, attack) {
  const room = lab.newRoom();
  const served = await startServer(room, [store], { patienceMs: 120_000, token: TOKEN });
  if (served.url === undefined) throw new Error(`it did not start: ${(await served.end).stderr}`);
  /** @type {string[]} */
  const must = [];
  /** @type {string[]} */
  const may = [];
  /** @type {Finding[]} */
  const found = [];
  await keep(0);
  const siege = new Siege(served.url);
  const attacking = Promise.resolve(attack(siege)).catch(() => {});
  const until = performance.now() + ATTACK_MS;
  for (let at = 1; performance.now() < until && found.length === 0; at++) {
    await checkHealth();
    await keep(at);
    await sleep(100);
  }
  siege.end();
  await attacking;
  const kilobytes = memoryOf(served.child.pid);
  if (kilobytes > MAX_MEMORY_KB)
    found.push({ kind: 'other', text: `it took ${Math.round(kilobytes / 1024)} MB of memory` });
  const stopping = performance.now();
  const end = await stopServer(served);
  if (performance.now() - stopping > 20_000) found.push({ kind: 'hung', text: 'it did not end on SIGTERM' });
  found.push(...endFindings(end));
  if (end.signal !== 'SIGTERM')
    found.push({ kind: 'other', text: `it ended by itself: ${end.status ?? end.signal}` });
  const rows = stored(room.path(store))
    .split('\n')
    .filter((row) => row.startsWith('good'));
  found.push(...compareSets('store', rows.map((row) => `${row}\n`).join(''), { must, may }));
  lab.remove(room.folder);
  return found;

  /** @param {number} at */
  async function keep(at) {
    const rows = hours(at, 1, at, 'good');
    may.push(...rows.map((row) => `${row}\n`));
    if (await post(served, table(rows))) must.push(...rows.map((row) => `${row}\n`));
  }

  async function checkHealth() {
    const began = performance.now();
    try {
      const answer = await fetch(new URL('healthz', served.url), { signal: AbortSignal.timeout(20_000) });
      await answer.text();
    } catch (error) {
      found.push({ kind: 'hung', text: `/healthz: ${error instanceof Error ? error.message : error}` });
      return;
    }
    const tookMs = performance.now() - began;
    if (tookMs > HEALTH_MS)
      found.push({ kind: 'hung', text: `/healthz took ${Math.round(tookMs / 1000)} s` });
  }
}

/** Peak memory in kilobytes. @param {number | undefined} pid */
function memoryOf(pid) {
  try {
    return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Ignores added columns, which follow the usual ones. @param {string} path */
const csvRows = (path) =>
  textOf(path)
    .split('\n')
    .map((row) => row.split(',').slice(0, 8).join(','))
    .join('\n');

export const clientAttacks = [besieged('st.db', statsOf), besieged('st.csv', csvRows)];
