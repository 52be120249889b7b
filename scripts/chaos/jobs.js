/**
 * Jobs that are attacked: a command, what may be left of it at any moment, and the run that repairs it.
 *
 * A job knows exactly what was acknowledged: the lines and rows of a command that ended with 0. So what is found
 * afterwards is right or wrong, whatever happened.
 */

/** @typedef {import('./run.js').Room} Room */
/** @typedef {import('./run.js').Ended} Ended */
/** @typedef {import('./findings.js').Finding} Finding */

/**
 * @typedef {object} Moment
 * @property {boolean} acknowledged the attacked command said that it has done its work
 * @property {boolean} repaired the next run has been
 * @property {Ended} ended how the attacked command ended
 * @property {boolean} cut the power has gone since: what went to stdout is only as safe as the shell's file
 */

/**
 * @typedef {object} Job
 * @property {string} name the tool and how it is used
 * @property {readonly string[]} files what may be left in the folder when all is done; `*` at the end of a name is any rest
 * @property {(room: Room) => Promise<unknown>} prepare makes what is there before
 * @property {(room: Room) => Promise<Ended>} act what is attacked
 * @property {(room: Room) => Promise<Ended>} repair the next run
 * @property {(room: Room, moment: Moment) => Promise<Finding[]> | Finding[]} look compares what is there with what must be
 * @property {(ended: Ended) => boolean} [acknowledges] status 0, where it is not given
 * @property {(ended: Ended) => boolean} [succeeds] it has done all that it was to do; it acknowledges, where it is not given
 * @property {boolean} [makesStore] a store or spool is made, which then belongs to the user who made it
 * @property {boolean} [isGroup] it consists of several processes, each of which may be killed alone
 */

import { bufferTailJobs } from './jobs-buffer-tail.js';
import { eventJobs } from './jobs-events.js';
import { filterJobs } from './jobs-filters.js';
import { loadJobs } from './jobs-load.js';
import { pipelineJobs } from './jobs-pipelines.js';
import { queueJobs } from './jobs-queues.js';
import { rowJobs } from './jobs-rows.js';
import { serveJobs } from './jobs-serve.js';

/** @type {readonly Job[]} */
export const JOBS = [
  ...bufferTailJobs,
  ...filterJobs,
  ...loadJobs,
  ...rowJobs,
  ...serveJobs,
  ...pipelineJobs,
  ...queueJobs,
  ...eventJobs,
];
