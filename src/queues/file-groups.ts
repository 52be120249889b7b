/**
 * What groups have taken: their positions, and the ranges before them that are out, delayed or halved. All of it within a
 * transaction of the caller.
 */

import { Failure, status } from '../failure.ts';
import type { Blocks } from './file-blocks.ts';
import type { Again, Position, TakeRequest } from './queue.ts';

/** Delayed blocks that are set aside per take. */
const SET_ASIDE = 1000;

/** Messages that a group has not acknowledged. */
export interface Range {
  readonly partition: number;
  readonly first: number;
  readonly last: number;
  readonly why: 'taken' | 'returned' | 'halved' | 'delayed';
  readonly owner: string | null;
  readonly tries: number;
  readonly delays: number;
  readonly since: number;
  readonly not_before: number;
}

/** A range that is out. */
export interface TakenRange extends Range {
  readonly owner: string;
}

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

const FIELDS = 'partition, first, last, why, owner, tries, delays, since, not_before';
const OWN = 'dead = ? AND "group" = ?';

/** One group of takers. */
export class Group {
  readonly name: string;
  readonly #blocks: Blocks;
  readonly #own: readonly [number, string];

  constructor(blocks: Blocks, name: string) {
    this.name = name;
    this.#blocks = blocks;
    this.#own = [blocks.dead, name];
  }

  isKnown(): boolean {
    return this.#blocks.sql(`SELECT 1 FROM position WHERE ${OWN} LIMIT 1`).get(...this.#own) !== undefined;
  }

  /** The number of the next message that is in no range yet; undefined when the group is not known. */
  next(partition: number): number | undefined {
    return this.#blocks
      .sql(`SELECT next FROM position WHERE ${OWN} AND partition = ?`)
      .get(...this.#own, partition)?.next;
  }

  /** Puts the group at a position in all partitions. Its ranges are gone. */
  moveTo(position: Position): void {
    this.#blocks.sql(`DELETE FROM range WHERE ${OWN}`).run(...this.#own);
    for (let partition = 0; partition < this.#blocks.partitions; partition++)
      this.#blocks
        .sql('INSERT OR REPLACE INTO position VALUES (?, ?, ?, ?)')
        .run(...this.#own, partition, this.#sequenceOf(partition, position));
  }

  #sequenceOf(partition: number, position: Position): number {
    if (position === 'beginning') return this.#blocks.begin(partition);
    if (position === 'end') return this.#blocks.end(partition);
    return this.#blocks.firstSince(partition, position.time);
  }

  /** The owners of ranges that are out. */
  owners(): string[] {
    const rows: readonly { readonly owner: string }[] = this.#blocks
      .sql(`SELECT owner FROM range WHERE ${OWN} AND owner IS NOT NULL`)
      .all(...this.#own);
    return rows.map(({ owner }) => owner);
  }

  /** Ranges whose owner has ended are ready at once. */
  free(owner: string): void {
    this.#blocks
      .sql(
        `UPDATE range SET owner = NULL, why = 'returned', since = 0, not_before = 0 WHERE ${OWN} AND owner = ?`,
      )
      .run(...this.#own, owner);
  }

  /**
   * Takes the next batch.
   *
   * @param begin the partition to look into first
   * @param owner undefined: changes nothing, and takes nothing; only says what is to be had, in `taken` with an empty owner
   */
  take(
    { count, bytes }: Pick<TakeRequest, 'count' | 'bytes'>,
    { begin, now, owner, lingering }: { begin: number; now: number; owner?: string; lingering: Lingering },
  ): Attempt {
    let readyAt = Number.POSITIVE_INFINITY;
    let lingerMs = Number.POSITIVE_INFINITY;
    const partitions = this.#partitionsFrom(begin);
    const isEmpty = partitions.length === 0;
    for (const partition of partitions) {
      const found = this.#find(partition, { count, bytes, now, lingering, mayWrite: owner !== undefined });
      if ('first' in found) return { taken: this.#hold(found, owner), isEmpty, readyAt, lingerMs };
      readyAt = Math.min(readyAt, found.readyAt);
      lingerMs = Math.min(lingerMs, found.lingerMs);
    }
    return { taken: undefined, isEmpty, readyAt, lingerMs };
  }

  /** Partitions with anything that the group has not acknowledged, in turn. */
  #partitionsFrom(begin: number): number[] {
    const rows: readonly { readonly partition: number }[] = this.#blocks
      .sql(
        `SELECT p.partition FROM position AS p JOIN partition AS q USING (dead, partition)
         WHERE p.dead = ? AND p."group" = ? AND (p.next < q."end" OR EXISTS
           (SELECT 1 FROM range AS r WHERE r.dead = p.dead AND r."group" = p."group" AND r.partition = p.partition))
         ORDER BY p.partition < ?, p.partition`,
      )
      .all(...this.#own, begin);
    return rows.map(({ partition }) => partition);
  }

  /** What a partition has, which has anything. */
  #find(partition: number, wanted: Wanted): Range | Waiting {
    let kept = this.#keptRange(partition);
    if (kept !== undefined && kept.owner === null && kept.since > wanted.now) {
      if (!wanted.mayWrite) return kept;
      this.#restartDelays(wanted.now);
      kept = this.#keptRange(partition);
    }
    if (kept !== undefined && kept.owner === null) {
      const { why, first, last, not_before: readyAt } = kept;
      if (readyAt > wanted.now) return this.#after({ readyAt, lingerMs: never }, partition, wanted);
      if (why !== 'delayed') return kept;
      const count = this.#blocks.countFitting(
        partition,
        first,
        Math.min(last, first + wanted.count - 1),
        wanted.bytes,
      );
      return { ...kept, last: first + count - 1 };
    }
    if (kept !== undefined) return waitingForOthers;
    return this.#after(waitingForOthers, partition, wanted);
  }

  /** A fresh batch; a partition with keys has none while it has a range that is delayed. */
  #after(waiting: Waiting, partition: number, wanted: Wanted): Range | Waiting {
    if (partition > 0 && waiting.readyAt !== never) return waiting;
    const found = this.#fresh(partition, wanted) ?? waiting;
    if ('first' in found) return found;
    return { readyAt: Math.min(found.readyAt, waiting.readyAt), lingerMs: found.lingerMs };
  }

  #fresh(partition: number, wanted: Wanted): Range | Waiting | undefined {
    const end = this.#blocks.end(partition);
    let next = this.next(partition) ?? end;
    let readyAt = never;
    for (let count = 1; next < end; count++) {
      const block = this.#blocks.delayAt(partition, next);
      // Deleted by hand: the next message is behind the gap.
      const since = block === undefined ? 0 : Math.min(block.time, wanted.now);
      if (block === undefined || block.delay === 0 || since + block.delay <= wanted.now)
        return this.#freshFrom(partition, next, wanted, block?.time ?? 0);
      const aside: Aside = {
        partition,
        first: next,
        last: block.last,
        since,
        not_before: since + block.delay,
      };
      if (!wanted.mayWrite) return { ...fresh, ...aside };
      this.#insert({ ...fresh, ...aside, why: 'delayed' });
      next = block.last + 1;
      this.#setNext(partition, next);
      readyAt = Math.min(readyAt, aside.not_before);
      // It holds back the partition. Of partition 0 it holds back nothing; the others are set aside next time.
      if (partition > 0) break;
      if (count === SET_ASIDE) return { readyAt: wanted.now, lingerMs: never };
    }
    return readyAt === never ? undefined : { readyAt, lingerMs: never };
  }

  #freshFrom(partition: number, first: number, wanted: Wanted, time: number): Range | Waiting {
    const end = this.#blocks.end(partition);
    const ready = Math.min(end, this.#blocks.firstDelayed(partition, first));
    const most = Math.min(ready - first, wanted.count);
    const count = this.#blocks.countFitting(partition, first, first + most - 1, wanted.bytes);
    const isFull = count === wanted.count || count < most;
    const lingerMs = isFull ? 0 : wanted.lingering.left(partition, first, time);
    if (lingerMs > 0) return { readyAt: never, lingerMs };
    const last = first + Math.max(count, 1) - 1;
    return { ...fresh, partition, first, last };
  }

  /** With keys the first range, which holds back the others; without, the one that is ready first and not out. */
  #keptRange(partition: number): Range | undefined {
    const which = partition === 0 ? 'AND owner IS NULL ORDER BY not_before, first' : 'ORDER BY first';
    return this.#blocks
      .sql(`SELECT ${FIELDS} FROM range WHERE ${OWN} AND partition = ? ${which} LIMIT 1`)
      .get(...this.#own, partition);
  }

  /** Writes down whose a range is. */
  #hold(range: Range, owner: string | undefined): TakenRange {
    if (owner === undefined) return { ...range, owner: '' };
    const { partition, first, last, tries, delays } = range;
    const known = this.#blocks
      .sql(`SELECT last FROM range WHERE ${OWN} AND partition = ? AND first = ?`)
      .get(...this.#own, partition, first);
    if (known === undefined) this.#setNext(partition, last + 1);
    else {
      this.#delete({ partition, first });
      // Of delayed messages, which were no batch yet, the others stay.
      if (known.last > last)
        this.#insert({
          partition,
          first: last + 1,
          last: known.last,
          why: 'delayed',
          since: 0,
          not_before: 0,
        });
    }
    this.#insert({ partition, first, last, why: 'taken', owner, tries, delays, since: 0, not_before: 0 });
    return { ...range, owner };
  }

  /** The clock was set back: what is delayed waits its time again, and not longer. */
  #restartDelays(now: number): void {
    this.#blocks
      .sql(
        `UPDATE range SET since = ?, not_before = ? + not_before - since WHERE ${OWN} AND owner IS NULL AND since > ?`,
      )
      .run(now, now, ...this.#own, now);
  }

  /** @param bytes of its messages @throws Failure (temporary) before anything is changed, when the range is not its owner's any more */
  acknowledge(range: TakenRange, bytes: number, now: number): void {
    this.#release(range);
    if (this.#blocks.acknowledged(bytes) || this.#hasTakenAll(range.partition))
      trimTaken(this.#blocks, range.partition, now);
  }

  #hasTakenAll(partition: number): boolean {
    return (
      this.next(partition) === this.#blocks.end(partition) &&
      this.#blocks
        .sql(`SELECT 1 FROM range WHERE ${OWN} AND partition = ? LIMIT 1`)
        .get(...this.#own, partition) === undefined
    );
  }

  /** @throws Failure (temporary) before anything is changed */
  giveBack(range: TakenRange, { delayMs, tries, delays }: Again, now: number): void {
    this.#release(range);
    const since = delayMs > 0 ? Math.round(now) : 0;
    const not_before = since + Math.round(delayMs);
    this.#insert({ ...range, why: 'returned', owner: null, tries, delays, since, not_before });
  }

  /** @throws Failure (temporary) before anything is changed */
  halve(range: TakenRange, tries: number): void {
    this.#release(range);
    const { partition, first, last } = range;
    const middle = Math.floor((first + last) / 2);
    this.#insert({ partition, first, last: middle, why: 'halved', tries, since: 0, not_before: 0 });
    this.#insert({ partition, first: middle + 1, last, why: 'halved', tries, since: 0, not_before: 0 });
  }

  #release({ partition, first, owner }: TakenRange): void {
    const { changes } = this.#blocks
      .sql(`DELETE FROM range WHERE ${OWN} AND partition = ? AND first = ? AND owner = ?`)
      .run(...this.#own, partition, first, owner);
    if (changes === 0) throw new Failure(status.temporary, `message ${first}: no longer ours`);
  }

  #delete({ partition, first }: Pick<Range, 'partition' | 'first'>): void {
    this.#blocks
      .sql(`DELETE FROM range WHERE ${OWN} AND partition = ? AND first = ?`)
      .run(...this.#own, partition, first);
  }

  #insert(
    range: Pick<Range, 'partition' | 'first' | 'last' | 'why' | 'since' | 'not_before'> & Partial<Range>,
  ): void {
    const { partition, first, last, why, owner = null, tries = 0, delays = 0, since, not_before } = range;
    this.#blocks
      .sql('INSERT INTO range VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(
        ...this.#own,
        partition,
        first,
        last,
        why,
        owner,
        tries,
        delays,
        Math.floor(since),
        Math.ceil(not_before),
      );
  }

  #setNext(partition: number, next: number): void {
    this.#blocks
      .sql(`UPDATE position SET next = ? WHERE ${OWN} AND partition = ?`)
      .run(next, ...this.#own, partition);
  }
}

/** Deletes messages that all groups have acknowledged. @param now undefined: also those that are kept @param most blocks that are deleted, so that it does not take long @returns whether there may be more */
export function trimTaken(blocks: Blocks, partition: number, now: number | undefined, most = 256): boolean {
  const { low } = blocks
    .sql(
      `SELECT min(min(next, coalesce((SELECT min(first) FROM range AS r
         WHERE r.dead = p.dead AND r."group" = p."group" AND r.partition = p.partition), next))) AS low
       FROM position AS p WHERE dead = ? AND partition = ?`,
    )
    .get(blocks.dead, partition);
  return low !== null && blocks.trim(partition, low, now, most);
}

interface Wanted {
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
