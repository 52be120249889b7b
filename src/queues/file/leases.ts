/**
 * Leases of batches. A lease is a file for one run of a command, or for a taker without one, locked while either lives.
 *
 * The command inherits the locked descriptor, so the kernel alone knows when the last holder has ended. Names are
 * random, so that leases are never confused. The next taker removes a lease left behind by `kill -9`.
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
/** How long to wait while another taker checks whether the lease is stale. */
const WAIT_MS = 5000;

/** A lease held by this process. */
export interface Lease {
  /** Its owner's name in the queue file. */
  readonly owner: string;
  /** A locked descriptor. */
  readonly descriptor: number;
  /** Ends the lease and removes its file. */
  release(): void;
  /** Closes this process's descriptor: the lease then ends with the command that inherited it. */
  leave(): void;
  /** Whether its file still exists, so that other processes see it. */
  isSeen(): boolean;
}

/** The leases of a queue. */
export class Leases {
  readonly #folder: string;
  readonly #prefix: string;
  readonly #flock: (descriptor: number, operation: number) => number;

  /** @param path of the queue file, with symbolic links resolved */
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
    makeReadable(descriptor);
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

  /** Whether a process holds the lease. */
  isHeld(owner: string): boolean {
    return this.#look(owner, (descriptor) => this.#flock(descriptor, LOCK_SHARED_NOW) !== 0);
  }

  /** Removes the file of a lease unless a process holds it. @returns whether one does */
  removeUnlessHeld(owner: string): boolean {
    return this.#look(owner, (descriptor, path) => {
      if (this.#flock(descriptor, LOCK_EXCLUSIVE_NOW) !== 0) return true;
      // Only under its lock, and only this very file: another taker may be about to lock one it has just created.
      if (leadsTo(path, descriptor)) tryToRemove(path);
      return false;
    });
  }

  /** Removes the leases of killed processes. */
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
      // Files of other programs may share the prefix.
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
      // A lease that cannot be opened may be held.
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

/** Whether a path still leads to the open file; false when that cannot be determined. */
function isAt(path: string, descriptor: number): boolean {
  try {
    return leadsTo(path, descriptor);
  } catch {
    return false;
  }
}

/** Other users must be able to check the lease, whatever the umask. */
function makeReadable(descriptor: number): void {
  try {
    fchmodSync(descriptor, LEASE_MODE);
  } catch {
    // The file system has no modes.
  }
}

/** A failure with the status that fits a queue: permission, temporary, or I/O. */
function storageFailure(path: string, error: unknown): unknown {
  const { cause } = error instanceof Failure ? error : {};
  const code = errorCode(cause);
  return code === undefined
    ? error
    : new Failure(storageStatus(code), `${path}: ${errorText(cause)}`, { cause });
}
