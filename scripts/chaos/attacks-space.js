/** Attacks from outside: a full disk, by a real file system and by a file size limit. */

import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acknowledges } from './attacks-faults.js';
import { endFindings, excerpt } from './findings.js';
import { JOBS } from './jobs.js';
import { leftBehind } from './lab.js';
import { Room } from './run.js';

/** @typedef {import('./jobs.js').Job} Job */
/** @typedef {import('./lab.js').Lab} Lab */
/** @typedef {import('./lab.js').Attack} Attack */
/** @typedef {import('./findings.js').Finding} Finding */

const PAGES_LEFT = [0, 1, 2, 3, 5, 8, 16];
const KILOBYTES = [0, 1, 4, 8, 12, 20, 36];
const TMPFS_BYTES = 2 << 20;
const PAGE = 4096;

/** @type {readonly Attack[]} */
const fullAttacks = JOBS.map((job) => ({
  family: 'full tmpfs',
  subject: job.name,
  cannot: cannotMount,
  plan: async (/** @type {Lab} */ _) =>
    PAGES_LEFT.map((pages) => ({
      name: `${pages} pages are left`,
      play: (/** @type {Lab} */ lab) => onTmpfs(lab, (folder) => fullRound(job, folder, pages)),
    })),
}));

/** @type {readonly Attack[]} */
const limitAttacks = JOBS.map((job) => ({
  family: 'file size limit',
  subject: job.name,
  plan: async (/** @type {Lab} */ _) =>
    KILOBYTES.map((fileKilobytes) => ({
      name: `files of ${fileKilobytes} kB`,
      play: (/** @type {Lab} */ lab) => limitRound(job, lab, fileKilobytes),
    })),
}));

export const spaceAttacks = [...fullAttacks, ...limitAttacks];

/** @type {{ reason: string | undefined } | undefined} */
let mounting;

function cannotMount() {
  mounting ??= { reason: tryToMount() };
  return mounting.reason;
}

function tryToMount() {
  if (process.getuid?.() !== 0) return 'only root can mount a tmpfs';
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/tmp'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'this system allows no mount of a tmpfs';
  }
}

/** @param {Lab} lab @param {(folder: string) => Promise<Finding[]>} work */
async function onTmpfs(lab, work) {
  const folder = lab.newFolder();
  const unmount = () => execFileSync('umount', ['-l', folder]);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${TMPFS_BYTES},mode=755`, 'none', folder]);
  process.once('exit', unmount);
  try {
    return await work(folder);
  } finally {
    process.off('exit', unmount);
    unmount();
  }
}

/** @param {Job} job @param {string} folder a mounted file system @param {number} pages */
async function fullRound(job, folder, pages) {
  const room = new Room(folder);
  await job.prepare(room);
  const filler = join(folder, 'filler');
  const free = statfsSync(folder).bavail - pages;
  writeFileSync(filler, Buffer.alloc(Math.max(0, free * PAGE)));
  return attacked(job, room, room, () => rmSync(filler));
}

/** @param {Job} job @param {Lab} lab @param {number} fileKilobytes */
async function limitRound(job, lab, fileKilobytes) {
  const folder = lab.newFolder();
  const calm = new Room(folder);
  await job.prepare(calm);
  const found = await attacked(job, new Room(folder, { fileKilobytes }), calm, () => {});
  lab.remove(folder);
  return found;
}

/**
 * @param {Job} job
 * @param {Room} room
 * @param {Room} calm
 * @param {() => void} makeSpace
 * @returns {Promise<Finding[]>}
 */
async function attacked(job, room, calm, makeSpace) {
  const ended = await job.act(room);
  const acknowledged = acknowledges(job, ended);
  makeSpace();
  const found = endFindings(ended);
  const repair = await job.repair(calm);
  found.push(...endFindings(repair));
  if (repair.status !== 0)
    found.push({
      kind: 'other',
      text: `the next run failed with ${repair.status}: ${excerpt(repair.stderr)}`,
    });
  for (const name of leftBehind(calm.folder, job.files))
    found.push({ kind: 'other', text: `left behind: ${name}` });
  found.push(...(await job.look(calm, { acknowledged, repaired: true, ended, cut: false })));
  return found;
}
