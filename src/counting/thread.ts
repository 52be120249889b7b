/** Another thread, which runs `worker.ts`. */

import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { Aside } from './aside.ts';
import type { Assignment } from './team.ts';

/** Starts it with one of its two jobs; what it says is heard as `message`. */
export function startThread(job: Assignment | Aside): Worker {
  // Both from src/counting and from dist/tools it is two folders up.
  return new Worker(new URL('../../dist/counting/worker.cjs', import.meta.url), {
    workerData: job,
    // Neither is needed; both take time.
    env: SHARE_ENV,
    trackUnmanagedFds: false,
  });
}
