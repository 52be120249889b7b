/** The group leader's part in a rebalance: assigns the partitions. */

import { assign, decodeSubscription, encodeAssignment } from './assignment.ts';
import type { Cluster } from './cluster.ts';

export interface Member {
  readonly memberId: string;
  readonly metadata: Buffer | null;
}

/** The assignment of each member. @param own the topic that must exist @throws errors of the library */
export async function assignAll(cluster: Cluster, own: string, members: readonly Member[]) {
  const library = await cluster.library();
  const subscriptions = members.map(({ memberId, metadata }) =>
    decodeSubscription(memberId, metadata, library),
  );
  const counts = new Map<string, number>();
  for (const topic of new Set([own, ...subscriptions.flatMap(({ topics }) => topics)])) {
    const found = await cluster.topic(topic, true).catch((error) => {
      // Another member may subscribe to a topic that does not exist.
      if (topic === own) throw error;
    });
    counts.set(topic, found?.partitions.length ?? 0);
  }
  return [...assign(subscriptions, counts)].map(([memberId, assignment]) => ({
    memberId,
    assignment: encodeAssignment(assignment, library),
  }));
}
