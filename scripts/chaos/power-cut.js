/** Simulates a power cut in a room: only what was synced remains, by the recorded calls. */

import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** @typedef {import('./faults.js').Call} Call */

/**
 * Reverts a room to the state after a power cut: what was not synced is gone. To be called after all processes have ended.
 *
 * @param {string} room its folder
 * @param {import('./faults.js').Faults} faults under which the processes ran
 * @param {{ readonly before: ReadonlyMap<string, string>, readonly what: 'names too' | 'contents' }} loss before: the result of
 *   keepContents at their start; what: a file system may keep or lose names that were not synced
 */
export function cutPower(room, faults, { before, what }) {
  const { synced } = faults;
  const calls = faults.calls();
  if (what === 'names too') undoNames(calls, synced, room);
  const dirty = dirtyInodes(calls);
  for (const path of filesBelow(room)) {
    const inode = String(lstatSync(path).ino);
    if (!dirty.has(inode)) continue;
    const kept = [join(synced, `inode-${inode}`), before.get(inode)].find(
      (each) => each !== undefined && existsSync(each),
    );
    if (kept === undefined) truncateSync(path, 0);
    else writeFileSync(path, readFileSync(kept));
  }
}

/** @param {readonly Call[]} calls */
function dirtyInodes(calls) {
  const dirty = new Set();
  for (const { operation, inode } of calls) {
    if (operation === 'write' || operation === 'truncate') dirty.add(inode);
    else if (operation === 'fsync') dirty.delete(inode);
  }
  return dirty;
}

/**
 * Undoes creations, renames and removals in folders that were not synced afterwards, in reverse order.
 *
 * @param {readonly Call[]} calls
 * @param {string} synced
 * @param {string} room
 */
function undoNames(calls, synced, room) {
  /** @type {Set<string>} */
  const safe = new Set();
  /** @type {Set<string>} */
  const safeInodes = new Set();
  for (const { number, operation, inode, path, target } of calls.toReversed()) {
    if (operation === 'fsync') {
      safe.add(path);
      safeInodes.add(path);
    }
    const name = target || path;
    if (!name.startsWith(`${room}/`) || safe.has(dirname(name))) continue;
    const old = join(synced, `name-${number}`);
    if (operation === 'rename' && existsSync(target)) {
      renameSync(target, path);
      if (existsSync(old)) linkSync(old, target);
    } else if (operation === 'unlink' && existsSync(old) && !existsSync(path)) {
      linkSync(old, path);
    } else if (operation === 'create' && inode === '0' && existsSync(path) && !safeInodes.has(path)) {
      // Syncing a new file makes its name durable too.
      rmSync(path, { recursive: true });
    }
  }
}

/** @param {string} folder @returns {string[]} */
export function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Copies all files of a room, for `cutPower`.
 *
 * @param {string} room
 * @param {string} folder
 * @returns {Map<string, string>} the copy of each inode
 */
export function keepContents(room, folder) {
  mkdirSync(folder, { recursive: true });
  return new Map(
    filesBelow(room).map((path) => {
      const inode = String(lstatSync(path).ino);
      copyFileSync(path, join(folder, inode));
      return [inode, join(folder, inode)];
    }),
  );
}
