/**
 * Leases of batches: a file for each run of a command, or for a taker without one, locked as long as either lives.
 *
 * The command inherits the locked descriptor, so the kernel alone says when the last of them has ended. The name is
 * random, so that no lease is ever taken for another. A lease that was left by `kill -9` is removed by the next taker.
 */

import { constants, fchmodSync, openSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, errorText, Failure, storageStatus } from '../../failure.ts';
import { leadsTo, openLocked } from '../../files/lock.ts';
import { randomDigits } from '../../files/random-digits.ts';
import { tryToClose, tryToRemove } from '../../files/remove.ts';
import { systemCalls } from '../../files/system-calls.ts';

const LOCK_SHARED_NOW = 1 | 4;
const LOCK_EXCLUSIVE_NOW = 2 | 4;
const OWNER = /^[\da-f]{16}$/;
const LEASE_MODE = 0o644;
/** For the moment in which another taker looks whether a lease is left over. */
const WAIT_MS = 5000;

/** A lease of ours. */
export interface Lease {
  /** What the queue's file calls its owner. */
  readonly owner: string;
  /** Locked. */
  readonly descriptor: number;
  /** Gives it up, and leaves no file. */
  release(): void;
  /** Closes our descriptor: the lease ends with the command, if that still has it. */
  leave(): void;
  /** Whether others still see it: its file was not removed by somebody. */
  isSeen(): boolean;
}

/** The leases of a queue. */
export class Leases {
  readonly #folder: string;
  readonly #prefix: string;
  readonly #flock: (descriptor: number, operation: number) => number;

  /** @param path of the queue's file, with symbolic links followed */
  static async of(path: string): Promise<Leases> {
    const { flock } = await systemCalls();
    return new Leases(path, flock);
  }

  private constructor(path: string, flock: (descriptor: number, operation: number) => number) {
    this.#folder = dirname(path);
    this.#prefix = `.${basename(path)}.lease-`;
    this.#flock = flock;
  }

  /** @throws Failure (I/O, unavailable, temporary) */
  async open(): Promise<Lease> {
    const owner = randomDigits(16);
    const path = this.#path(owner);
    const { descriptor } = await openLocked(
      { path, name: path, mode: LEASE_MODE },
      { waitMs: WAIT_MS },
    ).catch((error) => {
      throw storageFailure(path, error);
    });
    letAllLook(descriptor);
    let isOpen = true;
    const leave = () => {
      if (isOpen) tryToClose(descriptor);
      isOpen = false;
    };
    const release = () => {
      if (isOpen) tryToRemove(path);
      leave();
    };
    return { owner, descriptor, leave, release, isSeen: () => isOpen && isAt(path, descriptor) };
  }

  /** Whether a process holds it. */
  isHeld(owner: string): boolean {
    return this.#look(owner, (descriptor) => this.#flock(descriptor, LOCK_SHARED_NOW) !== 0);
  }

  /** Removes the file of a lease, unless a process holds it. @returns whether one does */
  removeUnlessHeld(owner: string): boolean {
    return this.#look(owner, (descriptor, path) => {
      if (this.#flock(descriptor, LOCK_EXCLUSIVE_NOW) !== 0) return true;
      // Under its lock, and only itself: another taker may be about to lock a file that it has just made.
      if (leadsTo(path, descriptor)) tryToRemove(path);
      return false;
    });
  }

  /** Removes all that processes have left which were killed. */
  removeLeftOver(): void {
    for (const owner of this.#all()) this.removeUnlessHeld(owner);
  }

  /** Whether any lease is held. */
  areHeld(): boolean {
    return this.#all().some((owner) => this.isHeld(owner));
  }

  #all(): string[] {
    try {
      const names = readdirSync(this.#folder).filter((name) => name.startsWith(this.#prefix));
      // Files of others may have names that begin like this.
      return names.map((name) => name.slice(this.#prefix.length)).filter((owner) => OWNER.test(owner));
    } catch {
      return [];
    }
  }

  #look(owner: string, look: (descriptor: number, path: string) => boolean): boolean {
    const path = this.#path(owner);
    let descriptor: number;
    try {
      descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch (error) {
      // What cannot be looked at may be held.
      return errorCode(error) !== 'ENOENT';
    }
    try {
      return look(descriptor, path);
    } finally {
      tryToClose(descriptor);
    }
  }

  #path(owner: string): string {
    return join(this.#folder, `${this.#prefix}${owner}`);
  }
}

/** Whether a path leads to the file, as far as can be seen. */
function isAt(path: string, descriptor: number): boolean {
  try {
    return leadsTo(path, descriptor);
  } catch {
    return false;
  }
}

/** Other users, too, must see when a lease ends, whatever the umask. */
function letAllLook(descriptor: number): void {
  try {
    fchmodSync(descriptor, LEASE_MODE);
  } catch {
    // The file system knows no modes.
  }
}

/** The failure of a file by what it says about the queue: it may not be used, not now, or its disk fails. */
function storageFailure(path: string, error: unknown): unknown {
  const { cause } = error instanceof Failure ? error : {};
  const code = errorCode(cause);
  return code === undefined
    ? error
    : new Failure(storageStatus(code), `${path}: ${errorText(cause)}`, { cause });
}
