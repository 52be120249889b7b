/** The next batch of a group: what is ready, in which order, and what holds it back. Within a transaction of the caller. */

import type { Blocks } from './file-blocks.ts';
import type { Group, Range, TakenRange } from './file-groups.ts';
import type { TakeRequest } from './queue.ts';

/** Delayed blocks that are set aside per take. */
const SET_ASIDE = 1000;

/** What a take comes to. */
export interface Attempt {
  readonly taken: TakenRange | undefined;
  /** Whether nothing is ready, delayed or out. */
  readonly isEmpty: boolean;
  /** The time, by the wall clock, at which a delay ends; Infinity for none. */
  readonly readyAt: number;
  /** Milliseconds until a batch has waited long enough for more messages; Infinity for none. */
  readonly lingerMs: number;
}

/** Tells how long a batch still waits for more. */
export interface Lingering {
  /** @param first the first message of the batch @param time when it was put @returns milliseconds; 0 or less: no more */
  left(partition: number, first: number, time: number): number;
}

interface Plan {
  /** The partition to look into first. */
  readonly begin: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Undefined: changes nothing, and takes nothing; only says what is to be had, in `taken` with an empty owner. */
  readonly owner?: string;
  readonly lingering: Lingering;
}

interface Wanted {
  readonly blocks: Blocks;
  readonly group: Group;
  readonly count: number;
  readonly bytes: number;
  readonly now: number;
  readonly lingering: Lingering;
  /** Whether delayed blocks may be set aside. */
  readonly mayWrite: boolean;
}

type Aside = Pick<Range, 'partition' | 'first' | 'last' | 'since' | 'not_before'>;

const fresh = { why: 'taken', owner: null, tries: 0, delays: 0, since: 0, not_before: 0 } as const;

/** Nothing to take yet. */
interface Waiting {
  readonly readyAt: number;
  readonly lingerMs: number;
}

const never = Number.POSITIVE_INFINITY;
const waitingForOthers: Waiting = { readyAt: never, lingerMs: never };

/** Takes the next batch. */
export function takeNext(
  blocks: Blocks,
  group: Group,
  { count, bytes, begin, now, owner, lingering }: Plan & Pick<TakeRequest, 'count' | 'bytes'>,
): Attempt {
  const wanted = { blocks, group, count, bytes, now, lingering, mayWrite: owner !== undefined };
  let readyAt = never;
  let lingerMs = never;
  const partitions = group.partitionsFrom(begin);
  const isEmpty = partitions.length === 0;
  for (const partition of partitions) {
    const found = find(partition, wanted);
    if ('first' in found) {
      const taken = owner === undefined ? { ...found, owner: '' } : group.hold(found, owner);
      return { taken, isEmpty, readyAt, lingerMs };
    }
    readyAt = Math.min(readyAt, found.readyAt);
    lingerMs = Math.min(lingerMs, found.lingerMs);
  }
  return { taken: undefined, isEmpty, readyAt, lingerMs };
}

/** What a partition has, which has anything. */
function find(partition: number, wanted: Wanted): Range | Waiting {
  let kept = wanted.group.keptRange(partition);
  if (kept !== undefined && kept.owner === null && kept.since > wanted.now) {
    if (!wanted.mayWrite) return kept;
    wanted.group.restartDelays(wanted.now);
    kept = wanted.group.keptRange(partition);
  }
  if (kept !== undefined && kept.owner === null) {
    const { why, first, last, not_before: readyAt } = kept;
    if (readyAt > wanted.now) return after({ readyAt, lingerMs: never }, partition, wanted);
    if (why !== 'delayed') return kept;
    const count = wanted.blocks.countFitting(
      partition,
      first,
      Math.min(last, first + wanted.count - 1),
      wanted.bytes,
    );
    return { ...kept, last: first + count - 1 };
  }
  if (kept !== undefined) return waitingForOthers;
  return after(waitingForOthers, partition, wanted);
}

/** A fresh batch; a partition with keys has none while it has a range that is delayed. */
function after(waiting: Waiting, partition: number, wanted: Wanted): Range | Waiting {
  if (partition > 0 && waiting.readyAt !== never) return waiting;
  const found = findFresh(partition, wanted) ?? waiting;
  if ('first' in found) return found;
  return { readyAt: Math.min(found.readyAt, waiting.readyAt), lingerMs: found.lingerMs };
}

function findFresh(partition: number, wanted: Wanted): Range | Waiting | undefined {
  const end = wanted.blocks.end(partition);
  let next = wanted.group.next(partition) ?? end;
  let readyAt = never;
  for (let count = 1; next < end; count++) {
    const block = wanted.blocks.delayAt(partition, next);
    // Deleted by hand: the next message is behind the gap.
    const since = block === undefined ? 0 : Math.min(block.time, wanted.now);
    if (block === undefined || block.delay === 0 || since + block.delay <= wanted.now)
      return freshFrom(partition, next, wanted, block?.time ?? 0);
    const aside: Aside = {
      partition,
      first: next,
      last: block.last,
      since,
      not_before: since + block.delay,
    };
    if (!wanted.mayWrite) return { ...fresh, ...aside };
    wanted.group.insert({ ...fresh, ...aside, why: 'delayed' });
    next = block.last + 1;
    wanted.group.setNext(partition, next);
    readyAt = Math.min(readyAt, aside.not_before);
    // It holds back the partition. Of partition 0 it holds back nothing; the others are set aside next time.
    if (partition > 0) break;
    if (count === SET_ASIDE) return { readyAt: wanted.now, lingerMs: never };
  }
  return readyAt === never ? undefined : { readyAt, lingerMs: never };
}

function freshFrom(partition: number, first: number, wanted: Wanted, time: number): Range | Waiting {
  const end = wanted.blocks.end(partition);
  const ready = Math.min(end, wanted.blocks.firstDelayed(partition, first));
  const most = Math.min(ready - first, wanted.count);
  const count = wanted.blocks.countFitting(partition, first, first + most - 1, wanted.bytes);
  const isFull = count === wanted.count || count < most;
  const lingerMs = isFull ? 0 : wanted.lingering.left(partition, first, time);
  if (lingerMs > 0) return { readyAt: never, lingerMs };
  const last = first + Math.max(count, 1) - 1;
  return { ...fresh, partition, first, last };
}
