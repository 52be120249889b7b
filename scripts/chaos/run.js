/** Rooms: private folders in which commands run, with a time limit. */

import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'bin');

/** A longer run counts as hung. */
export const HUNG_MS = 20_000;

/**
 * @typedef {object} Ended
 * @property {number | null} status
 * @property {string | null} signal
 * @property {string} stdout empty if it went to a file
 * @property {string} stderr
 * @property {boolean} hung it had to be killed
 */

/**
 * @typedef {object} Setting
 * @property {string} [stdin]
 * @property {string} [out] the file in the room for stdout
 * @property {Record<string, string>} [env]
 */

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** @type {Set<ChildProcess>} */
const running = new Set();
process.once('exit', () => running.forEach(killGroup));

/** A private folder, and how commands run in it. */
export class Room {
  /**
   * @param {string} folder as a real path
   * @param {{ readonly id?: string, readonly faults?: Record<string, string>, readonly uid?: number, readonly fileKilobytes?: number | undefined }} [setting]
   *   id: the key of this room's data elsewhere; faults: the environment that makes calls fail; uid: the user who runs the
   *   commands; fileKilobytes: the file size limit
   */
  constructor(folder, { id = folder, faults = {}, uid, fileKilobytes } = {}) {
    this.folder = folder;
    this.id = id;
    this.faults = faults;
    this.uid = uid;
    this.fileKilobytes = fileKilobytes;
  }

  /** @param {string} name */
  path(name) {
    return join(this.folder, name);
  }

  /**
   * Runs a tool, or another program by path, to completion.
   *
   * @param {readonly string[]} words
   * @param {Setting} [setting]
   * @returns {Promise<Ended>}
   */
  run(words, setting = {}) {
    const child = this.start(words, setting);
    child.stdin?.end(setting.stdin ?? '');
    return ended(child);
  }

  /**
   * Runs a bash command line, with the tools on its PATH and pipefail.
   *
   * @param {string} line
   * @param {Setting} [setting]
   */
  shell(line, setting) {
    return this.run(['/bin/bash', '-o', 'pipefail', '-c', line], setting);
  }

  /**
   * Starts a command as the leader of a new process group.
   *
   * @param {readonly string[]} words
   * @param {Setting} [setting]
   * @returns {ChildProcess}
   */
  start([program = '', ...words], { out, env } = {}) {
    const stdout = out === undefined ? 'pipe' : openSync(this.path(out), 'w');
    const path = program.startsWith('/') ? program : join(bin, program);
    const limit = this.fileKilobytes;
    const [command = '', ...rest] =
      limit === undefined
        ? [path]
        : ['/bin/bash', '-c', `trap '' XFSZ; ulimit -f ${limit}; exec "$0" "$@"`, path];
    const child = spawn(command, [...rest, ...words], {
      cwd: this.folder,
      detached: true,
      stdio: ['pipe', stdout, 'pipe'],
      env: {
        PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`,
        HOME: '/nonexistent',
        // Files left behind there are found too.
        TMPDIR: this.folder,
        LC_ALL: 'C.UTF-8',
        // io_uring would bypass the C library.
        UV_USE_IO_URING: '0',
        ...env,
        ...this.faults,
      },
      ...(this.uid !== undefined && { uid: this.uid, gid: this.uid }),
    });
    running.add(child);
    child.once('close', () => running.delete(child));
    if (typeof stdout === 'number') closeSync(stdout);
    // The process may end before it has read all input.
    child.stdin?.on('error', () => {});
    return child;
  }
}

/**
 * @param {ChildProcess} child
 * @param {number} [patienceMs]
 * @returns {Promise<Ended>}
 */
export function ended(child, patienceMs = HUNG_MS) {
  return new Promise((resolve, reject) => {
    const texts = { stdout: '', stderr: '' };
    for (const name of /** @type {const} */ (['stdout', 'stderr']))
      child[name]?.setEncoding('utf8').on('data', (text) => {
        texts[name] += text;
      });
    let hung = false;
    const deadline = setTimeout(() => {
      hung = true;
      killGroup(child);
    }, patienceMs);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      clearTimeout(deadline);
      resolve({ status, signal, ...texts, hung });
    });
  });
}

/** @param {ChildProcess} child with all its descendants */
export function killGroup(child) {
  try {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  } catch {
    // The group has ended.
  }
}
