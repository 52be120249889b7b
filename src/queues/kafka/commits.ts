/** Commits the state of lanes. All requests that arrive during a commit are combined into the next one. */

import { LostBatch } from '../queue.ts';
import type { Cluster } from './cluster.ts';
import type { Lane } from './lane.ts';
import type { Membership } from './membership.ts';

interface Waiting {
  readonly lane: Lane;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Commits {
  readonly #cluster: Cluster;
  readonly #membership: Membership;
  #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(cluster: Cluster, membership: Membership) {
    this.#cluster = cluster;
    this.#membership = membership;
  }

  /** Resolves when the lane's state is committed. @throws LostBatch when the partition was reassigned, Failure */
  save(lane: Lane): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ lane, resolve, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  /** Commits the lane's state. @returns false when the partition was reassigned @throws Failure */
  async isSaved(lane: Lane): Promise<boolean> {
    try {
      await this.save(lane);
      return true;
    } catch (error) {
      if (error instanceof LostBatch) return false;
      throw error;
    }
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // Includes all requests of the same turn.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0));
    this.#isRunning = false;
  }

  async #commit(waiting: readonly Waiting[]): Promise<void> {
    let committed = new Set<Lane>();
    try {
      await this.#cluster.persist(async () => {
        await this.#membership.look();
        const lanes = new Set(waiting.map(({ lane }) => lane).filter(({ isOurs }) => isOurs));
        const rows = [...lanes].map((lane) => ({ lane, row: { partition: lane.partition, ...lane.state } }));
        if (rows.length > 0) await this.#membership.commit(rows.map(({ row }) => row));
        for (const { lane, row } of rows) lane.committed(row);
        committed = lanes;
      });
    } catch (error) {
      for (const { reject } of waiting) reject(error);
      return;
    }
    for (const { lane, resolve, reject } of waiting)
      if (committed.has(lane)) resolve();
      else reject(lost(this.#cluster.shown, lane));
  }
}

export function lost(shown: string, { partition }: Lane): LostBatch {
  return new LostBatch(
    `${shown}: partition ${partition} was given to another taker: unacknowledged messages will come again`,
  );
}
