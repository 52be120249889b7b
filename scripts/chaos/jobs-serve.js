/** serve-stats: posted batches, each of which it acknowledges separately. */

import { compareLines } from './findings.js';
import { hours, NEXT, sorted, statsOf, table } from './jobs-load.js';
import { textOf } from './read.js';
import { post, startServer, stopServer } from './serving.js';

/** @typedef {import('./jobs.js').Job} Job */
/** @typedef {import('./jobs.js').Room} Room */

const BATCHES = [hours(0, 30, 10), hours(100, 30, 20), hours(200, 30, 30)];

/** The batches that serve-stats has acknowledged, by room. @type {Map<string, Set<number>>} */
const acknowledgedBatches = new Map();

/**
 * @param {string} store
 * @param {(room: Room) => string} stored all rows, as lines
 * @returns {Job}
 */
function posting(store, stored) {
  return {
    name: `serve-stats ${store}`,
    makesStore: true,
    files: [store],
    async prepare() {},
    async act(room) {
      const known = new Set();
      acknowledgedBatches.set(room.id, known);
      const served = await startServer(room, [store]);
      for (const [at, batch] of BATCHES.entries()) if (await post(served, table(batch))) known.add(at);
      return stopServer(served);
    },
    // Acknowledgements are tracked per batch.
    acknowledges: () => false,
    succeeds: ({ signal }) => signal === 'SIGTERM',
    async repair(room) {
      const served = await startServer(room, [store]);
      await post(served, table(NEXT));
      return { ...(await stopServer(served)), status: 0 };
    },
    look(room, { repaired }) {
      const known = acknowledgedBatches.get(room.id);
      const next = repaired ? NEXT : [];
      // Each batch is posted separately, so any of them may be stored or not.
      const wanted = [0, 1, 2, 3, 4, 5, 6, 7]
        .filter((set) => BATCHES.every((_, at) => (set & (1 << at)) !== 0 || !known?.has(at)))
        .map((set) => sorted([...BATCHES.filter((_, at) => set & (1 << at)).flat(), ...next]));
      return compareLines(store, stored(room), wanted);
    },
  };
}

/** @param {Room} room */
function csvRows(room) {
  const [, ...rows] = textOf(room.path('st.csv')).split('\n').slice(0, -1);
  return sorted(rows);
}

export const serveJobs = [
  posting('st.db', (room) => statsOf(room.path('st.db'))),
  posting('st.csv', csvRows),
];
