/** Commits the state of lanes: all that is asked for meanwhile is one request. */

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

  /** Resolves when the state of a lane is committed. @throws LostBatch when the partition is no longer ours, Failure */
  save(lane: Lane): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ lane, resolve, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  /** Whether its state could be committed: not when the partition is no longer ours. @throws Failure */
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
    // What is asked for in the same turn goes along.
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
    `${shown}: partition ${partition} was given to another taker: what is not acknowledged comes again`,
  );
}
