/** Where a group goes on in partitions, and whether it has come to the end of all. */

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
  /** Where it begins if it is new. */
  readonly from: Position;
  /** How many partitions there were when it began: in those added since it takes all; undefined while it has not begun. */
  readonly partitionCount?: number | undefined;
  /** Whether there are lanes of other partitions. */
  readonly hasOpen?: boolean;
}

/** Lanes of partitions, but for new ones that are away, each from where the group was, which is not committed if it is new. @throws errors of the library */
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
  // While others can be opened, they do not wait for those without a leader.
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

/** Asks again and again whether a group has come to the end of all partitions. */
export class EndCheck {
  #unknownSince: number | undefined;

  /** Not as long as a partition does not tell, so that others are taken meanwhile. @throws Failure when the time to wait is over */
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

/** Whether a group has committed all that is in all partitions. @throws errors of the library */
async function isAllCommitted(cluster: Cluster, group: string): Promise<boolean> {
  const topic = await cluster.topic(cluster.address.topic);
  const ends = await offsetsAt(cluster, topic, allPartitions(topic), 'end');
  const committed = await committedOffsets(cluster, topic, group);
  return [...ends].every(([partition, end]) => (committed.get(partition)?.offset ?? 0) >= end);
}
