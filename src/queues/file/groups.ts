/**
 * The state of consumer groups: positions, and the ranges before them that are leased, delayed or halved. Everything
 * runs within the caller's transaction.
 */

import { Failure, status } from '../../failure.ts';
import type { Again, Position } from '../queue.ts';
import type { Blocks } from './blocks.ts';
import { isTimeToTrim, trimTaken } from './trim.ts';

/** A range of messages that a group has not acknowledged. */
export interface Range {
  readonly partition: number;
  readonly first: number;
  readonly last: number;
  /** `delayed` and `loose` are not batches yet: one may be made of a part of them. */
  readonly why: 'taken' | 'returned' | 'halved' | 'delayed' | 'loose';
  readonly owner: string | null;
  readonly tries: number;
  readonly delays: number;
  readonly since: number;
  readonly not_before: number;
}

/** A leased range. */
export interface TakenRange extends Range {
  readonly owner: string;
}

const FIELDS = 'partition, first, last, why, owner, tries, delays, since, not_before';
const OWN = 'dead = ? AND "group" = ?';

/** Whether the range is a batch, which keeps its first and last message. */
export function isBatch({ why }: Pick<Range, 'why'>): boolean {
  return why !== 'delayed' && why !== 'loose';
}

/** A consumer group. */
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

  /** The position: the first message that is in no range yet; undefined when the group is unknown. */
  next(partition: number): number | undefined {
    return this.#blocks
      .sql(`SELECT next FROM position WHERE ${OWN} AND partition = ?`)
      .get(...this.#own, partition)?.next;
  }

  /** Moves the group to a position in all partitions, and drops its ranges. */
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

  /** The owners of the leased ranges. */
  owners(): string[] {
    const rows: readonly { readonly owner: string }[] = this.#blocks
      .sql(`SELECT owner FROM range WHERE ${OWN} AND owner IS NOT NULL`)
      .all(...this.#own);
    return rows.map(({ owner }) => owner);
  }

  /** Makes the ranges of an owner that has ended ready at once. */
  free(owner: string): void {
    this.#blocks
      .sql(
        `UPDATE range SET owner = NULL, why = CASE why WHEN 'loose' THEN why ELSE 'returned' END, since = 0, not_before = 0
         WHERE ${OWN} AND owner = ?`,
      )
      .run(...this.#own, owner);
  }

  /** Partitions where the group has unacknowledged messages, round-robin from `begin`. */
  partitionsFrom(begin: number): number[] {
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

  /**
   * The range to look at next: with keys the first, which blocks all others; else the unleased one that is ready first.
   */
  keptRange(partition: number): Range | undefined {
    const which = partition === 0 ? 'AND owner IS NULL ORDER BY not_before, first' : 'ORDER BY first';
    return this.#blocks
      .sql(`SELECT ${FIELDS} FROM range WHERE ${OWN} AND partition = ? ${which} LIMIT 1`)
      .get(...this.#own, partition);
  }

  /** Records the owner of a range. @param isLoose whether a range that is not a batch yet stays loose */
  hold(range: Range, owner: string, isLoose: boolean): TakenRange {
    const { partition, first, last, tries, delays } = range;
    const why = isLoose && !isBatch(range) ? 'loose' : 'taken';
    const known = this.#blocks
      .sql(`SELECT last FROM range WHERE ${OWN} AND partition = ? AND first = ?`)
      .get(...this.#own, partition, first);
    if (known === undefined) this.setNext(partition, last + 1);
    else {
      this.#delete({ partition, first });
      // The rest of a range that is not a batch stays as it was.
      const rest = { partition, first: last + 1, last: known.last };
      if (known.last > last) this.insert({ ...rest, why: range.why, since: 0, not_before: 0 });
    }
    this.insert({ partition, first, last, why, owner, tries, delays, since: 0, not_before: 0 });
    return { ...range, why, owner };
  }

  /** After the clock was set back, delays start again at their full length, rather than wait for the old time. */
  restartDelays(now: number): void {
    this.#blocks
      .sql(
        `UPDATE range SET since = ?, not_before = ? + not_before - since WHERE ${OWN} AND owner IS NULL AND since > ?`,
      )
      .run(now, now, ...this.#own, now);
  }

  /** @param bytes size of its messages @throws Failure (temporary), before any change, when the lease is lost */
  acknowledge(range: TakenRange, bytes: number, now: number): void {
    this.#release(range);
    if (isTimeToTrim(this.#blocks, bytes) || this.#hasTakenAll(range.partition))
      trimTaken(this.#blocks, range.partition, { now });
  }

  #hasTakenAll(partition: number): boolean {
    return (
      this.next(partition) === this.#blocks.end(partition) &&
      this.#blocks
        .sql(`SELECT 1 FROM range WHERE ${OWN} AND partition = ? LIMIT 1`)
        .get(...this.#own, partition) === undefined
    );
  }

  /** @throws Failure (temporary), before any change, when the lease is lost */
  giveBack(range: TakenRange, { delayMs, tries, delays }: Again, now: number): void {
    this.#release(range);
    const since = delayMs > 0 ? Math.round(now) : 0;
    const not_before = since + Math.round(delayMs);
    const why = isBatch(range) ? 'returned' : 'loose';
    this.insert({ ...range, why, owner: null, tries, delays, since, not_before });
  }

  /** @throws Failure (temporary), before any change, when the lease is lost */
  halve(range: TakenRange, tries: number): void {
    this.#release(range);
    const { partition, first, last } = range;
    const middle = Math.floor((first + last) / 2);
    this.insert({ partition, first, last: middle, why: 'halved', tries, since: 0, not_before: 0 });
    this.insert({ partition, first: middle + 1, last, why: 'halved', tries, since: 0, not_before: 0 });
  }

  #release({ partition, first, owner }: TakenRange): void {
    const { changes } = this.#blocks
      .sql(`DELETE FROM range WHERE ${OWN} AND partition = ? AND first = ? AND owner = ?`)
      .run(...this.#own, partition, first, owner);
    if (changes === 0) throw new Failure(status.temporary, `message ${first}: its lease was lost`);
  }

  #delete({ partition, first }: Pick<Range, 'partition' | 'first'>): void {
    this.#blocks
      .sql(`DELETE FROM range WHERE ${OWN} AND partition = ? AND first = ?`)
      .run(...this.#own, partition, first);
  }

  insert(
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

  /** Moves the group's position in a partition. */
  setNext(partition: number, next: number): void {
    this.#blocks
      .sql(`UPDATE position SET next = ? WHERE ${OWN} AND partition = ?`)
      .run(next, ...this.#own, partition);
  }
}
