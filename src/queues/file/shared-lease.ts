/** A lease for all batches of a taker without a command: to make a file for each of them takes longer than to read them. */

import type { Lease, Leases } from './leases.ts';

interface Shared {
  readonly lease: Lease;
  /** Batches and takes that have it. */
  users: number;
}

/** Is opened when it is first needed, and stays open between batches. */
export class SharedLease {
  #shared: Shared | undefined;

  /** The lease, to be released by each borrower. @throws Failure (I/O, unavailable, temporary) */
  async borrow(leases: Leases): Promise<Lease> {
    let shared = this.#shared;
    if (shared === undefined || !shared.lease.isSeen()) {
      this.end();
      shared = { lease: await leases.open(), users: 0 };
      this.#shared = shared;
    }
    return this.#lend(shared);
  }

  /** Gives it up; as long as a batch is out, its file stays. */
  end(): void {
    const shared = this.#shared;
    this.#shared = undefined;
    if (shared?.users === 0) shared.lease.release();
  }

  #lend(shared: Shared): Lease {
    shared.users++;
    let isOut = true;
    const release = () => {
      if (!isOut) return;
      isOut = false;
      shared.users--;
      if (shared.users === 0 && shared !== this.#shared) shared.lease.release();
    };
    return { ...shared.lease, release };
  }
}
