/**
 * Chooses the next batch of a group: which messages are ready, in what order, and what blocks them. Everything runs
 * within the caller's transaction.
 */

import type { TakeRequest } from '../queue.ts';
import type { Blocks } from './blocks.ts';
import { type Group, isBatch, type Range, type TakenRange } from './groups.ts';

/** Maximum number of delayed blocks to set aside per take. */
const MAX_SET_ASIDE = 1000;

/** The outcome of a take. */
interface Attempt {
  readonly taken: TakenRange | undefined;
  /** Whether nothing is ready, delayed or leased. */
  readonly isEmpty: boolean;
}

/** How much longer a batch waits for more messages. */
export interface Lingering {
  /** @param first the first message of the batch @param time when it was put @returns milliseconds; 0 or less: ready */
  left(partition: number, first: number, time: number): number;
}

interface Plan extends Pick<TakeRequest, 'count' | 'bytes' | 'isLoose'> {
  /** The first partition to look at. */
  readonly begin: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Undefined: a dry run without changes; `taken` then has an empty owner. */
  readonly owner?: string;
  readonly lingering: Lingering;
}

interface Source extends Plan {
  readonly blocks: Blocks;
  readonly group: Group;
}

const fresh = { why: 'delayed', owner: null, tries: 0, delays: 0, since: 0, not_before: 0 } as const;

export function takeNext(blocks: Blocks, group: Group, plan: Plan): Attempt {
  const source = { ...plan, blocks, group };
  const partitions = group.partitionsFrom(plan.begin);
  const isEmpty = partitions.length === 0;
  for (const partition of partitions) {
    const found = keptBatch(partition, source);
    if (found === undefined) continue;
    const { owner, isLoose = false } = plan;
    const taken = owner === undefined ? { ...found, owner: '' } : group.hold(found, owner, isLoose);
    return { taken, isEmpty };
  }
  return { taken: undefined, isEmpty };
}

/** The next batch of a partition: a redelivery first, else a fresh one; undefined when nothing is ready. */
function keptBatch(partition: number, source: Source): Range | undefined {
  const { group, now, owner } = source;
  let kept = group.keptRange(partition);
  if (kept === undefined) return freshBatch(partition, source);
  if (kept.owner === null && kept.since > now) {
    if (owner === undefined) return kept;
    group.restartDelays(now);
    kept = group.keptRange(partition) ?? kept;
  }
  if (kept.owner === null && kept.not_before <= now) return isBatch(kept) ? kept : partOf(kept, source);
  // Leased or delayed: blocks all messages with keys behind it.
  return partition === 0 ? freshBatch(partition, source) : undefined;
}

/** A batch from a range that is not one yet, delayed or loose. */
function partOf(kept: Range, { blocks, count, bytes }: Source): Range {
  const { partition, first, last } = kept;
  const fitting = blocks.countFitting(partition, first, Math.min(last, first + count - 1), bytes);
  return { ...kept, last: first + Math.max(fitting, 1) - 1 };
}

/** A batch of messages that the group has not seen. Sets delayed ones aside as ranges. */
function freshBatch(partition: number, source: Source): Range | undefined {
  const { blocks, group, now, owner } = source;
  const end = blocks.end(partition);
  let first = group.next(partition) ?? end;
  for (let aside = 0; first < end && aside < MAX_SET_ASIDE; aside++) {
    const block = blocks.delayAt(partition, first);
    // A block that was deleted by hand has no delay.
    const since = block === undefined ? 0 : Math.min(block.time, now);
    if (block === undefined || since + block.delay <= now)
      return freshFrom(partition, { first, end, time: block?.time ?? 0 }, source);
    const range = { partition, first, last: block.last, since, not_before: since + block.delay };
    if (owner === undefined) return { ...fresh, ...range };
    group.insert({ ...range, why: 'delayed' });
    first = block.last + 1;
    group.setNext(partition, first);
    // A delay blocks all messages with keys behind it.
    if (partition > 0) break;
  }
  return undefined;
}

interface Ready {
  readonly first: number;
  readonly end: number;
  /** When the first message was put. */
  readonly time: number;
}

function freshFrom(partition: number, { first, end, time }: Ready, source: Source): Range | undefined {
  const { blocks, count, bytes, now, lingering } = source;
  const behind = Math.min(end, first + count);
  const most = Math.min(behind, blocks.firstDelayed(partition, first, behind, now)) - first;
  const fitting = blocks.countFitting(partition, first, first + most - 1, bytes);
  const isFull = fitting === count || fitting < most;
  if (!isFull && lingering.left(partition, first, time) > 0) return undefined;
  return { ...fresh, partition, first, last: first + Math.max(fitting, 1) - 1 };
}
