/**
 * The jobs that are attacked: a command, what it may leave behind at any moment, and the run that repairs it.
 *
 * A job knows exactly what was acknowledged: the lines and rows of a command that exited with 0. So it can tell whether the
 * result is right, whatever happened.
 */

/** @typedef {import('./run.js').Room} Room */
/** @typedef {import('./run.js').Ended} Ended */
/** @typedef {import('./findings.js').Finding} Finding */

/**
 * @typedef {object} Moment
 * @property {boolean} acknowledged the attacked command reported success
 * @property {boolean} repaired the next run has taken place
 * @property {Ended} ended how the attacked command ended
 * @property {boolean} cut the power was cut afterwards, so stdout is only as safe as the shell's file
 */

/**
 * @typedef {object} Job
 * @property {string} name the tool and how it is used
 * @property {readonly string[]} files what may be left in the folder at the end; a final `*` matches anything
 * @property {(room: Room) => Promise<unknown>} prepare creates the initial state
 * @property {(room: Room) => Promise<Ended>} act the attacked run
 * @property {(room: Room) => Promise<Ended>} repair the next run
 * @property {(room: Room, moment: Moment) => Promise<Finding[]> | Finding[]} look compares the state with the allowed ones
 * @property {(ended: Ended) => boolean} [acknowledges] by default, status 0
 * @property {(ended: Ended) => boolean} [succeeds] it has done all of its work; by default, `acknowledges`
 * @property {boolean} [makesStore] it creates a store or spool, which then belongs to its user
 * @property {boolean} [isGroup] it has several processes, each of which may be killed alone
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
