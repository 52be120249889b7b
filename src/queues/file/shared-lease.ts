/** One lease for all batches of a taker without a command: a file for each would cost more than reading them. */

import type { Lease, Leases } from './leases.ts';

interface Shared {
  readonly lease: Lease;
  /** Number of batches and takes that use it. */
  users: number;
}

/** Opened on first use; stays open between batches. */
export class SharedLease {
  #shared: Shared | undefined;

  /** A reference to the lease; each borrower must release it. @throws Failure (I/O, unavailable, temporary) */
  async borrow(leases: Leases): Promise<Lease> {
    let shared = this.#shared;
    if (shared === undefined || !shared.lease.isSeen()) {
      this.end();
      shared = { lease: await leases.open(), users: 0 };
      this.#shared = shared;
    }
    return this.#lend(shared);
  }

  /** Ends it. Its file stays while batches are in flight. */
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
