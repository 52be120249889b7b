/**
 * A spool: a folder in which texts wait for delivery, one file each. Names sort by age.
 *
 * Files are created atomically and durably, and removed after delivery: at-least-once, since a crash between the two
 * delivers a text twice. One process at a time delivers, under a lock that dies with it.
 *
 *     2026-11-21T10-04-00.123Z-5d2f09c1.csv           waiting
 *     2026-11-21T10-04-00.123Z-5d2f09c1.csv.refused   refused, set aside; renamed back, it waits again
 *     .refused                                        its mtime is when refused files were last reported
 */

import { constants, promises as fs } from 'node:fs';
import { join } from 'node:path';
import { errorCode, errorText, Failure, status, writeFailure } from '../failure.ts';
import { makeDurableFolders } from './folders.ts';
import { Busy, type LockOptions, openLocked } from './lock.ts';
import { randomDigits } from './random-digits.ts';
import { replaceFile, syncFolder } from './replace.ts';

const WAITING = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})Z-[0-9a-f]+\.csv$/;
const UNFINISHED = /^\.\d{4}-.*\.csv(?:\.refused)?\.next$/;
const ASIDE = /^\d{4}-.*\.csv\.refused$/;
const TOLD = '.refused';
const DAY_MS = 24 * 3600 * 1000;

/** What must not be delivered again. */
export interface Refusal {
  /** The part of the text to set aside; undefined for all of it. */
  readonly text: string | undefined;
}

export class Spool {
  readonly folder: string;
  readonly #lock: LockOptions;
  readonly #now: () => number;

  /** The folder is created on first use. @param now gives epoch milliseconds */
  constructor(folder: string, lock: LockOptions, now: () => number) {
    this.folder = folder;
    this.#lock = lock;
    this.#now = now;
  }

  /** Queues a text behind all that wait. @throws Failure (I/O) */
  async keep(text: string): Promise<void> {
    await this.#keep(text, '');
  }

  /** Stores a text that must not be delivered again. @returns its path @throws Failure (I/O) */
  async putAside(text: string): Promise<string> {
    const path = await this.#keep(text, '.refused');
    await this.#markTold();
    return path;
  }

  async #keep(text: string, suffix: '' | '.refused'): Promise<string> {
    try {
      makeDurableFolders(this.folder);
      const newest = (await this.#waiting()).at(-1);
      // Later than the newest, even when the clock was set back.
      const time = Math.max(this.#now(), newest === undefined ? 0 : timeOf(newest) + 1);
      const stamp = new Date(time).toISOString().replaceAll(':', '-');
      const path = join(this.folder, `${stamp}-${randomDigits(16)}.csv${suffix}`);
      await replaceFile(path, text, this.#lock);
      return path;
    } catch (error) {
      throw new Failure(status.io, `${this.folder}: ${errorText(error)}`, { cause: error });
    }
  }

  /**
   * Delivers all waiting texts, oldest first, including those that arrive during delivery. Each is removed after
   * `deliver` returns; a refusal it returns is set aside and passed to `onAside`.
   *
   * @throws Busy when another process delivers for longer than the lock waits; what `deliver` throws, which ends the drain
   */
  async drain<Refused extends Refusal>(
    deliver: (path: string) => Promise<Refused | undefined>,
    onAside: (path: string, refused: Refused) => void,
  ): Promise<void> {
    const names = await this.#names();
    if (!names.some((name) => WAITING.test(name) || UNFINISHED.test(name))) return;
    const lock = await this.#locked('.lock', this.#lock);
    try {
      await this.#clean();
      for (let names = await this.#waiting(); names.length > 0; names = await this.#waiting()) {
        for (const name of names) {
          const path = join(this.folder, name);
          const refused = await deliver(path);
          if (refused !== undefined) onAside(await this.#replace(path, refused), refused);
          else await this.#changed(path, () => fs.unlink(path));
        }
      }
    } finally {
      lock.close();
    }
  }

  /** Keeps only the refused part, under a name that is not delivered. Idempotent, since the name is the same again. */
  async #replace(path: string, { text }: Refusal): Promise<string> {
    const aside = `${path}.refused`;
    await this.#changed(path, async () => {
      if (text === undefined) await fs.rename(path, aside);
      else {
        await replaceFile(aside, text, this.#lock);
        await fs.unlink(path);
      }
      syncFolder(this.folder);
    });
    await this.#markTold();
    return aside;
  }

  async #changed(path: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error) => {
      throw writeFailure(path, error);
    });
  }

  /** How many files are set aside, and whether a reminder is due (once a day); a due one is marked as given. */
  async aside(): Promise<{ readonly files: number; readonly isDue: boolean }> {
    const names = await this.#names();
    const files = names.filter((name) => ASIDE.test(name)).length;
    if (files === 0) {
      if (names.includes(TOLD)) await this.#changed(TOLD, () => fs.unlink(join(this.folder, TOLD)));
      return { files, isDue: false };
    }
    const told = await fs.lstat(join(this.folder, TOLD)).catch(() => undefined);
    // abs(): the clock may have been set back.
    const isDue = told === undefined || Math.abs(this.#now() - told.mtimeMs) >= DAY_MS;
    if (isDue) await this.#markTold();
    return { files, isDue };
  }

  async #markTold(): Promise<void> {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW;
    try {
      const file = await fs.open(join(this.folder, TOLD), flags, 0o666);
      await file.utimes(this.#now() / 1000, this.#now() / 1000).finally(() => file.close());
    } catch {
      // The next run reminds again.
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

  /** Removes unfinished files of killed processes. Files still being written are locked, and stay. */
  async #clean(): Promise<void> {
    for (const name of (await this.#names()).filter((each) => UNFINISHED.test(each))) {
      const path = join(this.folder, name);
      try {
        const file = await this.#locked(name, { waitMs: 0 });
        await fs.unlink(path).finally(() => file.close());
      } catch (error) {
        if (!(error instanceof Busy)) throw writeFailure(path, error);
      }
    }
  }

  /** A symbolic link in its place can only be an attack. */
  #locked(name: string, lock: LockOptions) {
    const path = join(this.folder, name);
    return openLocked({ path, name: path, mode: 0o600, refuseLink: true }, lock);
  }
}

/** Epoch milliseconds, from a name that matches WAITING. */
function timeOf(name: string): number {
  return Date.parse(name.replace(WAITING, '$1T$2:$3:$4Z'));
}
