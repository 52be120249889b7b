/** Where a group goes on in partitions, and whether it has come to the end of all. */

import type { Position } from '../queue.ts';
import type { Cluster } from './cluster.ts';
import { Lane } from './lane.ts';
import { allPartitions, committedOffsets, offsetsAt } from './offsets.ts';

interface Group {
  readonly group: string;
  /** Where it begins if it is new. */
  readonly from: Position;
  /** How many partitions there were when it began: in those added since it takes all; undefined while it has not begun. */
  readonly partitionCount?: number | undefined;
}

/** Lanes of partitions, each from where the group was, which is not committed if it is new. @throws errors of the library */
export async function openLanes(
  cluster: Cluster,
  { group, from, partitionCount = Infinity }: Group,
  partitions: readonly number[],
): Promise<{ lanes: Lane[]; partitionCount: number }> {
  const topic = await cluster.topic(cluster.address.topic, true);
  const known = await committedOffsets(cluster, topic, group);
  const there = partitions.filter((partition) => partition < topic.partitions.length);
  const unknown = there.filter((partition) => !known.has(partition));
  const [first, added] = [false, true].map((isAdded) =>
    unknown.filter((partition) => partition >= partitionCount === isAdded),
  );
  const begins = new Map([
    ...(await offsetsAt(cluster, topic, first ?? [], from)),
    ...(await offsetsAt(cluster, topic, added ?? [], 'beginning')),
  ]);
  const lanes = there.map((partition) => {
    const state = known.get(partition) ?? { offset: begins.get(partition) ?? 0, text: '' };
    const lane = new Lane(partition, topic.id, state);
    if (known.has(partition)) lane.committed(state);
    return lane;
  });
  return { lanes, partitionCount: topic.partitions.length };
}

/** Whether a group has committed all that is in all partitions. @throws errors of the library */
export async function isAllCommitted(cluster: Cluster, group: string): Promise<boolean> {
  const topic = await cluster.topic(cluster.address.topic);
  const ends = await offsetsAt(cluster, topic, allPartitions(topic), 'end');
  const committed = await committedOffsets(cluster, topic, group);
  return [...ends].every(([partition, end]) => (committed.get(partition)?.offset ?? 0) >= end);
}
