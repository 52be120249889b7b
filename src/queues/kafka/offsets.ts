/** Begin and end offsets of partitions, and committed offsets of groups. */

import type { Broker } from '@platformatic/kafka';
import { Failure, status } from '../../failure.ts';
import type { Position } from '../queue.ts';
import type { Cluster, Topic } from './cluster.ts';

const [LATEST, EARLIEST] = [-1, -2];
/** Isolation level: hides messages of open and aborted transactions. */
export const READ_COMMITTED = 1;

/** A committed offset with its metadata. */
export interface Committed {
  readonly partition: number;
  readonly offset: number;
  readonly text: string;
}

interface Member {
  readonly group: string;
  readonly generation: number;
  readonly memberId: string;
}

/** A committer that is not a member; allowed while the group has none. */
export const NO_MEMBER = { generation: -1, memberId: '' };

/** The leader of a partition. @throws Failure (temporary) while it has none */
export function leaderOf(cluster: Cluster, topic: Topic, partition: number): Broker {
  const leader = topic.partitions[partition]?.leader;
  if (leader === undefined) throw noLeader(cluster, partition);
  return leader;
}

export function noLeader({ shown }: Pick<Cluster, 'shown'>, partition: number): Failure {
  return new Failure(status.temporary, `${shown}: partition ${partition} has no leader`);
}

/** Groups items by key. */
export function groupBy<Key, Item>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

export function allPartitions({ partitions }: Topic): number[] {
  return [...partitions.keys()];
}

/** The offsets of a position. @throws errors of the library */
export async function offsetsAt(
  cluster: Cluster,
  topic: Topic,
  partitions: readonly number[],
  position: Position,
): Promise<Map<number, number>> {
  const time = position === 'end' ? LATEST : position === 'beginning' ? EARLIEST : position.time;
  const found = await listOffsets(cluster, topic, partitions, time);
  // No message at or after the time: the end.
  const later = [...found].filter(([, offset]) => offset < 0).map(([partition]) => partition);
  if (later.length === 0) return found;
  return new Map([...found, ...(await listOffsets(cluster, topic, later, LATEST))]);
}

async function listOffsets(cluster: Cluster, topic: Topic, partitions: readonly number[], time: number) {
  const answers = await Promise.all(
    [...groupBy(partitions, (partition) => leaderOf(cluster, topic, partition))].map(([leader, own]) => {
      const asked = own.map((partitionIndex) => ({
        ...{ partitionIndex, currentLeaderEpoch: -1, timestamp: BigInt(Math.floor(time)) },
      }));
      return cluster.call<{ topics: { partitions: { partitionIndex: number; offset: bigint }[] }[] }>(
        ...([
          leader,
          'ListOffsets',
          [-1, READ_COMMITTED, [{ name: topic.name, partitions: asked }]],
        ] as const),
      );
    }),
  );
  const rows = answers.flatMap(({ topics }) => topics.flatMap((each) => each.partitions));
  return new Map(rows.map(({ partitionIndex, offset }) => [partitionIndex, Number(offset)]));
}

/** The committed offsets of a group by partition; missing where there is none. @throws errors of the library */
export async function committedOffsets(
  cluster: Cluster,
  topic: Topic,
  group: string,
): Promise<Map<number, Committed>> {
  const topics = [{ name: topic.name, partitionIndexes: allPartitions(topic) }];
  const answer = await cluster.call<{
    groups: { topics: { partitions: OffsetRow[] }[] }[];
  }>(await cluster.coordinator(group), 'OffsetFetch', [
    [{ groupId: group, memberId: null, memberEpoch: -1, topics }],
    false,
  ]);
  const rows = answer.groups.flatMap((each) => each.topics.flatMap(({ partitions }) => partitions));
  return new Map(
    rows
      .filter(({ committedOffset }) => committedOffset >= 0n)
      .map(({ partitionIndex: partition, committedOffset, metadata }) => [
        partition,
        { partition, offset: Number(committedOffset), text: metadata ?? '' },
      ]),
  );
}

interface OffsetRow {
  readonly partitionIndex: number;
  readonly committedOffset: bigint;
  readonly metadata: string | null;
}

/** @throws errors of the library */
export async function commitOffsets(
  cluster: Cluster,
  coordinator: Broker,
  { group, generation, memberId }: Member,
  topic: string,
  rows: readonly Committed[],
): Promise<void> {
  const partitions = rows.map(({ partition, offset, text }) => ({
    ...{ partitionIndex: partition, committedOffset: BigInt(offset), committedLeaderEpoch: -1 },
    committedMetadata: text,
  }));
  await cluster.call(coordinator, 'OffsetCommit', [
    group,
    generation,
    memberId,
    null,
    [{ name: topic, partitions }],
  ]);
}
