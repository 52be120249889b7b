/** Attacks from inside: each job is killed, or fails, at each of its system calls. */

import { chownSync, lchownSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Faults } from './faults.js';
import { endFindings, excerpt } from './findings.js';
import { JOBS } from './jobs.js';
import { leftBehind } from './lab.js';
import { cutPower, keepContents } from './power-cut.js';
import { Room } from './run.js';

/** @typedef {import('./jobs.js').Job} Job */
/** @typedef {import('./lab.js').Lab} Lab */
/** @typedef {import('./lab.js').Attack} Attack */
/** @typedef {import('./lab.js').Round} Round */
/** @typedef {import('./faults.js').Fault} Fault */
/** @typedef {import('./findings.js').Finding} Finding */

const OPENS = ['open', 'create', 'open-to-read'];
const MAKES_SPACE = ['write', 'create', 'mkdir'];
/** Calls that change something, or are visible to others. */
const CHANGES = [
  ...['open', 'create', 'write', 'fsync', 'truncate', 'flock', 'chmod', 'chown'],
  ...['rename', 'link', 'unlink', 'mkdir', 'rmdir', 'close'],
];
const MAY_BE_INTERRUPTED = ['read', 'write', ...OPENS, 'flock', 'fsync', 'truncate'];
const NOBODY = 65_534;

/**
 * @typedef {object} Kind
 * @property {string} act
 * @property {readonly string[]} [operations] at which calls; all by default
 * @property {'names too' | 'contents'} [cut] followed by a power cut
 * @property {boolean} [twoUsers] root is killed, and the user nobody runs the repair
 * @property {boolean} [mustSucceed] the command must complete all of its work
 * @property {boolean} [andAfter] with an additional round after the last call
 */

/** @type {Readonly<Record<string, readonly Kind[]>>} */
const FAMILIES = {
  kill: [
    { act: 'kill', operations: CHANGES },
    { act: 'tear', operations: ['write'] },
  ],
  'power cut': [
    { act: 'kill-all', operations: CHANGES, cut: 'names too', andAfter: true },
    { act: 'kill-all', operations: CHANGES, cut: 'contents', andAfter: true },
  ],
  'input/output error': [{ act: 'EIO' }, { act: 'EMFILE', operations: OPENS }],
  'interrupted call': [{ act: 'EINTR', operations: MAY_BE_INTERRUPTED, mustSucceed: true }],
  'short write': [{ act: 'short', operations: ['write'], mustSucceed: true }],
  'disk full': [{ act: 'full', operations: MAKES_SPACE }],
  'two users': [{ act: 'kill', operations: CHANGES, twoUsers: true }],
};

const ALL_KILLED = { act: 'kill-all', operations: CHANGES };

/** @type {readonly Attack[]} */
export const faultAttacks = Object.entries(FAMILIES).flatMap(([family, kinds]) =>
  JOBS.filter((job) => !(family === 'two users' && job.makesStore)).map((job) => ({
    family,
    subject: job.name,
    plan: (/** @type {Lab} */ lab) =>
      planRounds(lab, job, family === 'kill' && job.isGroup ? [...kinds, ALL_KILLED] : kinds),
    ...(family === 'two users' && {
      cannot: () => (process.getuid?.() === 0 ? undefined : 'only root can be two users'),
    }),
  })),
);

/**
 * One round for each call that the job makes.
 *
 * @param {Lab} lab
 * @param {Job} job
 * @param {readonly Kind[]} kinds
 * @returns {Promise<Round[]>}
 */
export async function planRounds(lab, job, kinds) {
  const { template, calls } = await lab.remembered(job, () => tryOut(lab, job));
  return kinds.flatMap((kind) => {
    const { act, operations, cut } = kind;
    const met = calls.filter(({ operation }) => operations?.includes(operation) ?? true);
    const what = cut === undefined ? act : `${act}, unsynced ${cut}`;
    const round = (/** @type {number} */ at, /** @type {string} */ where) => ({
      name: `${what} ${where}`,
      play: () => playRound(lab, job, template, kind, { act, at, operations }),
    });
    const rounds = met.map(({ operation, path }, at) =>
      round(at + 1, `at ${at + 1}: ${operation} ${basename(path)}`),
    );
    return kind.andAfter ? [...rounds, round(NEVER, 'after the end')] : rounds;
  });
}

/** No call has this number. */
const NEVER = 1_000_000;

/** Records the state before the job, and its calls. @param {Lab} lab @param {Job} job */
async function tryOut(lab, job) {
  const template = lab.newFolder();
  await job.prepare(new Room(template));
  const folder = lab.copyOf(template);
  const faults = new Faults(lab.library, `${folder}.faults`, folder);
  const ended = await job.act(new Room(folder, { faults: faults.environment(undefined) }));
  if (!succeeds(job, ended)) throw new Error(`${job.name} does not work: ${excerpt(ended.stderr)}`);
  const calls = faults.calls().filter(({ number }) => number > 0);
  lab.remove(folder);
  lab.remove(`${folder}.faults`);
  return { template, calls };
}

/**
 * @param {Lab} lab
 * @param {Job} job
 * @param {string} template
 * @param {Kind} kind
 * @param {Fault} fault
 * @returns {Promise<Finding[]>}
 */
async function playRound(lab, job, template, kind, fault) {
  const folder = lab.copyOf(template);
  const faults = new Faults(lab.library, `${folder}.faults`, folder);
  if (kind.twoUsers) giveTo(folder, NOBODY);
  const before = kind.cut && keepContents(folder, `${folder}.before`);
  const environment = faults.environment(fault, { cut: kind.cut !== undefined });
  const ended = await job.act(new Room(folder, { faults: environment }));
  if (before !== undefined && kind.cut !== undefined) cutPower(folder, faults, { before, what: kind.cut });

  const acknowledged = acknowledges(job, ended);
  const found = endFindings(ended);
  if (kind.mustSucceed && !succeeds(job, ended))
    found.push({ kind: 'other', text: `it failed with ${ended.status}: ${excerpt(ended.stderr)}` });
  const moment = { acknowledged, ended, cut: kind.cut !== undefined };
  found.push(...(await lookAtCopy(lab, job, folder, { ...moment, repaired: false })));
  const calm = new Room(folder, kind.twoUsers ? { uid: NOBODY } : {});
  const repair = await job.repair(calm);
  found.push(...endFindings(repair));
  if (repair.status !== 0)
    found.push({
      kind: 'other',
      text: `the next run failed with ${repair.status}: ${excerpt(repair.stderr)}`,
    });
  for (const name of leftBehind(folder, job.files))
    found.push({ kind: 'other', text: `left behind: ${name}` });
  found.push(...(await job.look(calm, { ...moment, repaired: true })));
  for (const path of [folder, `${folder}.faults`, `${folder}.before`]) lab.remove(path);
  return unique(found);
}

/** @param {Job} job @param {import('./run.js').Ended} ended */
export const acknowledges = (job, ended) => job.acknowledges?.(ended) ?? ended.status === 0;

/** @param {Job} job @param {import('./run.js').Ended} ended */
const succeeds = (job, ended) => job.succeeds?.(ended) ?? acknowledges(job, ended);

/**
 * Looks at a copy, since opening a database may repair it, which the next run must do by itself.
 *
 * @param {Lab} lab
 * @param {Job} job
 * @param {string} folder
 * @param {import('./jobs.js').Moment} moment
 */
async function lookAtCopy(lab, job, folder, moment) {
  if (!readdirSync(folder).some((name) => name.endsWith('.db'))) return job.look(new Room(folder), moment);
  const copy = lab.copyOf(folder);
  const found = await job.look(new Room(copy, { id: folder }), moment);
  lab.remove(copy);
  return found;
}

/** @param {readonly Finding[]} findings may repeat before and after the repair */
function unique(findings) {
  return findings.filter(
    ({ kind, text }, at) => findings.findIndex((each) => each.kind === kind && each.text === text) === at,
  );
}

/** @param {string} folder with its contents @param {number} uid */
function giveTo(folder, uid) {
  chownSync(folder, uid, uid);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(folder, name), uid, uid);
}
