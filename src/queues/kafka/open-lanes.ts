/** Opens lanes at a group's offsets, and checks whether the group has reached the end of all partitions. */

import { elapsedMs } from '../../async/clock.ts';
import { isTemporary } from '../../failure.ts';
import type { Position } from '../queue.ts';
import type { Cluster } from './cluster.ts';
import { kafkaFailure } from './failure.ts';
import { Lane } from './lane.ts';
import { allPartitions, committedOffsets, noLeader, offsetsAt } from './offsets.ts';
import { others } from './trouble.ts';

interface Group {
  readonly group: string;
  /** Where a new group starts. */
  readonly from: Position;
  /** The number of partitions at the start; later ones are read from the beginning. Undefined at the start. */
  readonly partitionCount?: number | undefined;
  /** Whether lanes of other partitions are open. */
  readonly hasOpen?: boolean;
}

/**
 * Opens lanes at the group's committed offsets, or at `from` without committing. Partitions of a new group without a
 * leader are `away`. @throws errors of the library
 */
export async function openLanes(
  cluster: Cluster,
  { group, from, partitionCount = Infinity, hasOpen = false }: Group,
  partitions: readonly number[],
): Promise<{ lanes: Lane[]; away: number[]; partitionCount: number }> {
  const topic = await cluster.topic(cluster.address.topic, true);
  const known = await committedOffsets(cluster, topic, group);
  const there = partitions.filter((partition) => partition < topic.partitions.length);
  const isAway = (partition: number) =>
    !known.has(partition) && topic.partitions[partition]?.leader === undefined;
  // Waits for leaders only when no other partition can be opened.
  const away = hasOpen || !there.every(isAway) ? there.filter(isAway) : [];
  const unknown = there.filter((partition) => !known.has(partition) && !away.includes(partition));
  const [first, added] = [false, true].map((isAdded) =>
    unknown.filter((partition) => partition >= partitionCount === isAdded),
  );
  const begins = new Map([
    ...(await offsetsAt(cluster, topic, first ?? [], from)),
    ...(await offsetsAt(cluster, topic, added ?? [], 'beginning')),
  ]);
  const open = there.filter((partition) => !away.includes(partition));
  const lanes = open.map((partition) => {
    const state = known.get(partition) ?? { offset: begins.get(partition) ?? 0, text: '' };
    const lane = new Lane(partition, topic.id, state);
    if (known.has(partition)) lane.committed(state);
    return lane;
  });
  return { lanes, away, partitionCount: topic.partitions.length };
}

export function warnAway(cluster: Cluster, partition: number): void {
  cluster.settings.warn(others(noLeader(cluster, partition), partition));
}

/** Polls whether a group has reached the end of all partitions. */
export class EndCheck {
  #unknownSince: number | undefined;

  /** False while unknown, so that other partitions are still read. @throws Failure when the wait is over */
  async isAtEnd(cluster: Cluster, group: string): Promise<boolean> {
    try {
      const isAtEnd = await isAllCommitted(cluster, group);
      this.#unknownSince = undefined;
      return isAtEnd;
    } catch (error) {
      const failure = kafkaFailure(cluster.shown, error);
      this.#unknownSince ??= elapsedMs();
      const isOver = elapsedMs() - this.#unknownSince >= cluster.settings.waitMs;
      if (isOver || !isTemporary(failure)) throw failure;
      (await cluster.admin()).clearMetadata();
      return false;
    }
  }
}

/** Whether a group has committed up to the end of all partitions. @throws errors of the library */
async function isAllCommitted(cluster: Cluster, group: string): Promise<boolean> {
  const topic = await cluster.topic(cluster.address.topic);
  const ends = await offsetsAt(cluster, topic, allPartitions(topic), 'end');
  const committed = await committedOffsets(cluster, topic, group);
  return [...ends].every(([partition, end]) => (committed.get(partition)?.offset ?? 0) >= end);
}
