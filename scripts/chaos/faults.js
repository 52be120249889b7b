/** Faults that are made to happen inside a process, by a library that is loaded before the C library: shim.c. */

import { execFileSync } from 'node:child_process';
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
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './run.js';

/**
 * @typedef {object} Fault
 * @property {string} act what shim.c calls it
 * @property {number} at the number of the call
 * @property {readonly string[] | undefined} [operations] those that count; all without it
 * @property {boolean} [onwards] it goes on
 */

/**
 * @typedef {object} Call
 * @property {number} number from 1; 0 for one that does not count
 * @property {number} process
 * @property {string} operation
 * @property {string} inode 0 when there was none
 * @property {string} path
 * @property {string} target where a rename leads to; empty for others
 */

/** Compiles the library into a folder. @param {string} folder @returns {string} its path */
export function buildShim(folder) {
  const library = join(folder, 'shim.so');
  const source = join(root, 'scripts', 'chaos', 'shim.c');
  execFileSync(process.env.CC ?? 'cc', [
    '-shared',
    '-fPIC',
    '-O2',
    '-o',
    library,
    source,
    '-ldl',
    '-lpthread',
  ]);
  return library;
}

/** The faults of one room. */
export class Faults {
  #files;
  /** @type {number | undefined} */
  #stopped;

  /**
   * @param {string} library
   * @param {string} folder of its own, outside of the room
   * @param {string} room the folder below which calls count
   */
  constructor(library, folder, room) {
    mkdirSync(folder, { recursive: true });
    this.#files = {
      library,
      room,
      state: join(folder, 'state'),
      log: join(folder, 'log'),
      synced: join(folder, 'synced'),
    };
  }

  /**
   * The environment of the processes in which a call fails; they share one count.
   *
   * @param {Fault | undefined} fault none, only to count
   * @param {{ readonly cut?: boolean }} [options] cut: a power cut will follow
   * @returns {Record<string, string>}
   */
  environment(fault, { cut = false } = {}) {
    const operations = fault?.operations;
    const { library, room, state, log, synced } = this.#files;
    for (const path of [log, synced]) rmSync(path, { recursive: true, force: true });
    if (cut) mkdirSync(synced);
    writeFileSync(state, Buffer.alloc(16));
    writeFileSync(log, '');
    return {
      LD_PRELOAD: library,
      CHAOS_ROOT: room,
      CHAOS_STATE: state,
      CHAOS_LOG: log,
      ...(operations !== undefined && { CHAOS_OPS: `,${operations.join(',')},` }),
      ...(fault !== undefined && { CHAOS_AT: String(fault.at), CHAOS_ACT: fault.act }),
      ...(fault?.onwards && { CHAOS_FROM: '1' }),
      ...(cut && { CHAOS_SYNCED: synced }),
    };
  }

  /** The calls of the processes that have run since `environment` was made. @returns {Call[]} */
  calls() {
    const lines = readFileSync(this.#files.log, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => {
      const [number = '', pid = '', operation = '', inode = '', path = '', target = ''] = line.split('\t');
      return { number: Number(number), process: Number(pid), operation, inode, path, target };
    });
  }

  /** Resolves when a process has been stopped at this call. @param {number} number */
  async untilStopped(number) {
    for (;;) {
      const call = this.calls().find((each) => each.number === number);
      if (call !== undefined && isStopped(call.process)) {
        this.#stopped = call.process;
        return;
      }
      await sleep(2);
    }
  }

  /** Lets what was stopped go on. */
  goOn() {
    if (this.#stopped !== undefined) process.kill(this.#stopped, 'SIGCONT');
  }

  /**
   * Makes the room what a loss of power would have left of it: what was not synced is gone. To be called when all
   * processes have ended.
   *
   * @param {ReadonlyMap<string, string>} before for each inode that was safe when they began, a copy of its content
   * @param {'names too' | 'contents'} what a name that was not synced may be kept or not; a file system is free to do either
   */
  cutPower(before, what) {
    const { room, synced } = this.#files;
    const calls = this.calls();
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
}

/** @param {number} pid */
function isStopped(pid) {
  try {
    return / T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ''));
  } catch {
    return false;
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
 * Takes back what was made, renamed and removed in folders that were not synced afterwards; last things first.
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
      // To sync a new file makes its name safe as well.
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
