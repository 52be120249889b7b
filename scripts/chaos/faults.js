/** Injects faults into a process, with a preloaded library: shim.c. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './run.js';

/**
 * @typedef {object} Fault
 * @property {string} act its name in shim.c
 * @property {number} at the number of the call
 * @property {readonly string[] | undefined} [operations] those that count; all by default
 * @property {boolean} [onwards] all later calls fail too
 */

/**
 * @typedef {object} Call
 * @property {number} number from 1; 0 for a call that does not count
 * @property {number} process
 * @property {string} operation
 * @property {string} inode 0 if there was none
 * @property {string} path
 * @property {string} target the new path of a rename; otherwise empty
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

/** The faults in one room. */
export class Faults {
  #files;
  /** @type {number | undefined} */
  #stopped;

  /**
   * @param {string} library
   * @param {string} folder a separate one, outside the room
   * @param {string} room the folder in which calls count
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
   * The environment for processes in which a call fails; they share one count.
   *
   * @param {Fault | undefined} fault undefined: only count
   * @param {{ readonly cut?: boolean }} [options] cut: a power cut follows
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

  /** The calls of the processes that ran since `environment` was called. @returns {Call[]} */
  calls() {
    const lines = readFileSync(this.#files.log, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => {
      const [number = '', pid = '', operation = '', inode = '', path = '', target = ''] = line.split('\t');
      return { number: Number(number), process: Number(pid), operation, inode, path, target };
    });
  }

  /** Resolves when a process is stopped at this call. @param {number} number */
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

  /** Continues the stopped process. */
  goOn() {
    if (this.#stopped !== undefined) process.kill(this.#stopped, 'SIGCONT');
  }

  /** Where shim.c saves what survives a power cut. */
  get synced() {
    return this.#files.synced;
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
