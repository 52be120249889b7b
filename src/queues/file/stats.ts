/** Statistics of a queue file, and peeking at its messages. */

import type { PeekedMessage, QueueStat, StoredMessage } from '../queue.ts';
import type { Blocks } from './blocks.ts';
import type { Commits, OpenQueueFile } from './commits.ts';
import type { Leases } from './leases.ts';

/** Messages per read. */
const PAGE = 1000;

interface Counted {
  readonly first: number;
  readonly last: number;
  readonly owner: string | null;
  readonly tries: number;
  readonly not_before: number;
}

/** A row for each partition and group; without groups, one for each partition. */
export function statsOf(file: OpenQueueFile, isDead: boolean, leases: Leases, now: number): QueueStat[] {
  const blocks = isDead ? file.dead : file.alive;
  const names = groupsOf(blocks);
  const held = new Map<string, boolean>();
  const isHeld = (owner: string) => {
    const known = held.get(owner) ?? leases.isHeld(owner);
    held.set(owner, known);
    return known;
  };
  const rows: QueueStat[] = [];
  for (let partition = 0; partition < blocks.partitions; partition++) {
    const dead = isDead ? 0 : deadOf(file.dead, partition);
    for (const group of names.length === 0 ? [''] : names)
      rows.push({ ...statOf(blocks, partition, group, { isHeld, now }), dead });
  }
  return rows;
}

function statOf(
  blocks: Blocks,
  partition: number,
  group: string,
  { isHeld, now }: { isHeld: (owner: string) => boolean; now: number },
): Omit<QueueStat, 'dead'> {
  const end = blocks.end(partition);
  const next = nextOf(blocks, group, partition) ?? blocks.begin(partition);
  let leased = 0;
  let delayed = delayedFrom(blocks, partition, next, now);
  let ready = end - next - delayed;
  let oldest = next;
  for (const { first, last, owner, not_before } of rangesOf(blocks, group, partition)) {
    const count = last - first + 1;
    oldest = Math.min(oldest, first);
    if (owner !== null && isHeld(owner)) leased += count;
    else if (owner === null && not_before > now) delayed += count;
    else ready += count;
  }
  const time = blocks.timeOf(partition, oldest);
  return { partition, group, ready, leased, delayed, oldest: time, next, end };
}

/** Unacknowledged dead letters, for the group that is furthest behind. */
function deadOf(dead: Blocks, partition: number): number {
  const end = dead.end(partition);
  const left = groupsOf(dead).map((group) => {
    const ranges = rangesOf(dead, group, partition);
    const before = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    return end - (nextOf(dead, group, partition) ?? end) + before;
  });
  return left.length === 0 ? end - dead.begin(partition) : Math.max(...left);
}

function groupsOf(blocks: Blocks): string[] {
  const rows: readonly { readonly name: string }[] = blocks
    .sql('SELECT DISTINCT "group" AS name FROM position WHERE dead = ? ORDER BY "group"')
    .all(blocks.dead);
  return rows.map(({ name }) => name);
}

function nextOf(blocks: Blocks, group: string, partition: number): number | undefined {
  return blocks
    .sql('SELECT next FROM position WHERE dead = ? AND "group" = ? AND partition = ?')
    .get(blocks.dead, group, partition)?.next;
}

function rangesOf(blocks: Blocks, group: string, partition: number): readonly Counted[] {
  return blocks
    .sql(
      'SELECT first, last, owner, tries, not_before FROM range WHERE dead = ? AND "group" = ? AND partition = ? ORDER BY first',
    )
    .all(blocks.dead, group, partition);
}

/** Delayed messages that are in no range yet. */
function delayedFrom(blocks: Blocks, partition: number, next: number, now: number): number {
  return blocks
    .sql(
      'SELECT coalesce(sum(count), 0) AS count FROM block WHERE delay > 0 AND dead = ? AND partition = ? AND first >= ? AND min(time, ?) + delay > ?',
    )
    .get(blocks.dead, partition, next, now, now).count;
}

/** Messages that a group has not acknowledged, page by page; all messages when the group is undefined. */
export async function* peekFile(
  commits: Commits,
  isDead: boolean,
  group: string | undefined,
): AsyncGenerator<PeekedMessage> {
  const parts = commits.read((file) => {
    const blocks = isDead ? file.dead : file.alive;
    return Array.from({ length: blocks.partitions }, (_, partition) =>
      partsOf(blocks, partition, group),
    ).flat();
  });
  for (const { partition, first, last, tries } of parts)
    for (let next = first; next <= last; ) {
      const page: readonly StoredMessage[] = commits.read((file) =>
        (isDead ? file.dead : file.alive).read(partition, next, Math.min(last, next + PAGE - 1)),
      );
      for (const message of page) yield { partition, message, tries };
      next += PAGE;
    }
}

function partsOf(blocks: Blocks, partition: number, group: string | undefined) {
  const end = blocks.end(partition);
  const begin = blocks.begin(partition);
  const next = group === undefined ? begin : (nextOf(blocks, group, partition) ?? begin);
  const ranges = group === undefined ? [] : rangesOf(blocks, group, partition);
  const kept = ranges.map(({ first, last, tries }) => ({ partition, first, last, tries }));
  return next < end ? [...kept, { partition, first: next, last: end - 1, tries: 0 }] : kept;
}
