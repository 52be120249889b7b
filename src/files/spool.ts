/**
 * A spool: a folder in which texts wait until they can be delivered, one file each, oldest first by name.
 *
 * A file is in it whole or not at all, and safe against power loss; it is removed when it has been delivered. A process that
 * dies in between delivers a text twice. One process at a time delivers, under a lock that dies with it.
 *
 *     2026-11-21T10-04-00.123Z-5d2f09c1.csv           waits
 *     2026-11-21T10-04-00.123Z-5d2f09c1.csv.refused   was refused for good; renamed back, it waits again
 */

import { promises as fs } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode, errorText, Failure, NotSetUp, status, writeFailure } from '../failure.ts';
import { Busy, type LockOptions, openLocked } from './lock.ts';
import { replaceFile, syncFolder } from './replace.ts';

const WAITING = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})Z-[0-9a-f]+\.csv$/;
const UNFINISHED = /^\.\d{4}-.*\.csv\.next$/;

/** One folder. */
export class Spool {
  readonly folder: string;
  readonly #lock: LockOptions;
  readonly #now: () => number;

  /** The folder is created when it is needed. @param now gives epoch milliseconds */
  constructor(folder: string, lock: LockOptions, now: () => number) {
    this.folder = folder;
    this.#lock = lock;
    this.#now = now;
  }

  /** Keeps a text, to be delivered after all that wait. @returns the path of its file @throws Failure (I/O) */
  async keep(text: string): Promise<string> {
    try {
      const created = await fs.mkdir(this.folder, { recursive: true });
      if (created !== undefined) syncFolder(dirname(created));
      const newest = (await this.#waiting()).at(-1);
      // A clock that was set back must not change the order.
      const time = Math.max(this.#now(), newest === undefined ? 0 : timeOf(newest) + 1);
      const { randomBytes } = await import('node:crypto');
      const stamp = new Date(time).toISOString().replaceAll(':', '-');
      const path = join(this.folder, `${stamp}-${randomBytes(8).toString('hex')}.csv`);
      await replaceFile(path, text, this.#lock);
      return path;
    } catch (error) {
      throw new Failure(status.io, `${this.folder}: ${errorText(error)}`, { cause: error });
    }
  }

  /**
   * Delivers all texts, oldest first, those that arrive meanwhile too, and removes each when `deliver` is done with it. A
   * text that it refuses (see isRefusal) is put aside, and `onRefused` hears of it.
   *
   * @throws Busy when another process delivers for longer than the lock waits; any other failure of `deliver`
   */
  async drain(
    deliver: (path: string) => Promise<void>,
    onRefused: (path: string, refusal: Failure) => void,
  ): Promise<void> {
    if ((await this.#waiting()).length === 0) return;
    const lock = await this.#locked('.lock', this.#lock);
    try {
      await this.#clean();
      for (let names = await this.#waiting(); names.length > 0; names = await this.#waiting()) {
        for (const name of names) await this.#deliver(join(this.folder, name), deliver, onRefused);
      }
    } finally {
      lock.close();
    }
  }

  async #deliver(
    path: string,
    deliver: (path: string) => Promise<void>,
    onRefused: (path: string, refusal: Failure) => void,
  ): Promise<void> {
    try {
      await deliver(path);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      onRefused(await this.refuse(path), error);
      return;
    }
    await fs.unlink(path).catch((error) => {
      throw writeFailure(path, error);
    });
  }

  /** Puts a file aside, so that it is not delivered again. @returns its new path @throws Failure (I/O) */
  async refuse(path: string): Promise<string> {
    const aside = `${path}.refused`;
    try {
      await fs.rename(path, aside);
      syncFolder(this.folder);
      return aside;
    } catch (error) {
      throw writeFailure(path, error);
    }
  }

  async #waiting(): Promise<string[]> {
    return (await this.#names()).filter((name) => WAITING.test(name)).sort();
  }

  async #names(): Promise<string[]> {
    try {
      return await fs.readdir(this.folder);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw writeFailure(this.folder, error);
    }
  }

  /** Removes files that killed processes have left unfinished; a file that is still written is locked. */
  async #clean(): Promise<void> {
    for (const name of (await this.#names()).filter((each) => UNFINISHED.test(each))) {
      try {
        const file = await this.#locked(name, { waitMs: 0 });
        await fs.unlink(join(this.folder, name)).finally(() => file.close());
      } catch (error) {
        if (!(error instanceof Busy)) throw error;
      }
    }
  }

  #locked(name: string, lock: LockOptions) {
    return openLocked({ path: join(this.folder, name), name: this.folder, mode: 0o600 }, lock);
  }
}

/** Whether a failure is about the text that was to be delivered, and will not go away by itself. */
export function isRefusal(error: unknown): error is Failure {
  if (!(error instanceof Failure) || error instanceof NotSetUp) return false;
  return error.status === status.unavailable || error.status === status.data;
}

/** Epoch milliseconds, from a name that WAITING matches. */
function timeOf(name: string): number {
  return Date.parse(name.replace(WAITING, '$1T$2:$3:$4Z'));
}
