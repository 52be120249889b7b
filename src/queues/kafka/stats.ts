/** Statistics of a topic and its groups, and peeking at its messages. */

import type { PeekedMessage, QueueStat, StoredMessage } from '../queue.ts';
import { type Cluster, MissingTopic, type Topic } from './cluster.ts';
import { code } from './failure.ts';
import { fetchMessages } from './fetch.ts';
import { allPartitions, type Committed, committedOffsets, leaderOf, offsetsAt } from './offsets.ts';
import { parseRanges } from './ranges.ts';

const PEEK_BYTES = 1 << 20;

/** Messages that a group has not acknowledged, partition by partition; all messages when the group is undefined. */
export async function* peekTopic(cluster: Cluster, group: string | undefined): AsyncGenerator<PeekedMessage> {
  const topic = await cluster.persist(() => cluster.topic(cluster.address.topic, true));
  const { begins, ends } = await cluster.persist(() => boundsOf(cluster, topic));
  const committed =
    group === undefined
      ? new Map<number, Committed>()
      : await cluster.persist(() => committedOffsets(cluster, topic, group));
  for (const partition of allPartitions(topic)) {
    const end = ends.get(partition) ?? 0;
    const { offset = 0, text = '' } = committed.get(partition) ?? {};
    const done = parseRanges(text, offset).filter(({ isDone }) => isDone);
    let next = Math.max(offset, begins.get(partition) ?? 0);
    while (next < end) {
      const found = await fetchFrom(cluster, topic, partition, next, PEEK_BYTES);
      for (const message of found.messages) {
        const sequence = message.sequence ?? 0;
        // Put since.
        if (sequence >= end) break;
        if (!done.some(({ first, last }) => first <= sequence && sequence <= last))
          yield { partition, message, tries: 0 };
      }
      if (found.next === next) break;
      next = found.next;
    }
  }
}

async function fetchFrom(cluster: Cluster, topic: Topic, partition: number, offset: number, bytes: number) {
  return cluster.persist(async () => {
    const { partitions } = await cluster.topic(topic.name);
    const leader = leaderOf(cluster, { ...topic, partitions }, partition);
    const [found] = await fetchMessages(cluster, leader, topic, [{ partition, offset, bytes }], 500);
    const errorCode = found?.errorCode ?? code.none;
    // Deleted messages are skipped.
    if (errorCode !== code.none && errorCode !== code.offsetOutOfRange)
      throw new (await cluster.library()).ProtocolError(errorCode);
    return found ?? { messages: [], next: offset };
  });
}

async function boundsOf(cluster: Cluster, topic: Topic) {
  const all = allPartitions(topic);
  const [begins, ends] = await Promise.all([
    offsetsAt(cluster, topic, all, 'beginning'),
    offsetsAt(cluster, topic, all, 'end'),
  ]);
  return { begins, ends };
}

/** A row for each partition and group; without groups, one for each partition. */
export async function statsOfTopic(cluster: Cluster): Promise<QueueStat[]> {
  const { topic: name } = cluster.address;
  const topic = await cluster.topic(name, true);
  const { begins, ends } = await boundsOf(cluster, topic);
  const groups = await groupsOf(cluster, topic);
  const dead = name.endsWith('.dead') ? new Map<number, number>() : await deadIn(cluster, `${name}.dead`);
  const oldest = new Map<string, number | undefined>();
  const rows: QueueStat[] = [];
  for (const { group, isActive, committed } of groups.length > 0 ? groups : [NO_GROUP])
    for (const partition of allPartitions(topic)) {
      const end = ends.get(partition) ?? 0;
      const begin = begins.get(partition) ?? 0;
      const { offset = 0, text = '' } = committed.get(partition) ?? {};
      const next = Math.max(begin, offset);
      const out = parseRanges(text, offset);
      const count = (isDone: boolean) =>
        out
          .filter((each) => each.isDone === isDone)
          .reduce((sum, { first, last }) => sum + last - first + 1, 0);
      const leased = isActive ? count(false) : 0;
      const where = `${partition} ${next}`;
      if (next < end && !oldest.has(where))
        oldest.set(where, (await firstAt(cluster, topic, partition, next))?.time);
      rows.push({
        ...{ partition, group, leased, delayed: 0, next, end, ...replicasOf(topic, partition) },
        ready: Math.max(0, end - next - leased - count(true)),
        dead: dead.get(partition) ?? 0,
        oldest: oldest.get(where),
      });
    }
  return rows;
}

function replicasOf({ partitions }: Topic, partition: number) {
  const { replicas = 0, inSync = 0 } = partitions[partition] ?? {};
  return { replicas, inSync };
}

const NO_GROUP = { group: '', isActive: false, committed: new Map<number, Committed>() };

async function groupsOf(cluster: Cluster, topic: Topic) {
  const admin = await cluster.admin();
  const groups = await admin.listGroups();
  const found = [];
  for (const { id: group, state, protocolType } of groups.values()) {
    if (protocolType !== 'consumer' && protocolType !== '') continue;
    const committed = await committedOffsets(cluster, topic, group);
    if (committed.size > 0) found.push({ group, isActive: state !== 'EMPTY', committed });
  }
  return found.sort((a, b) => (a.group < b.group ? -1 : 1));
}

/** Dead letters that no group has taken, by partition. */
async function deadIn(cluster: Cluster, name: string): Promise<Map<number, number>> {
  const topic = await cluster.topic(name, true).catch((error: unknown) => {
    if (!(error instanceof MissingTopic)) throw error;
  });
  if (topic === undefined) return new Map();
  const { begins, ends } = await boundsOf(cluster, topic);
  const groups = await groupsOf(cluster, topic);
  return new Map(
    [...ends].map(([partition, end]) => {
      const taken = groups.map(({ committed }) => committed.get(partition)?.offset ?? 0);
      return [partition, Math.max(0, end - Math.max(begins.get(partition) ?? 0, ...taken))];
    }),
  );
}

async function firstAt(
  cluster: Cluster,
  topic: Topic,
  partition: number,
  offset: number,
): Promise<StoredMessage | undefined> {
  const { messages } = await fetchFrom(cluster, topic, partition, offset, 1);
  return messages[0];
}
