/** Messages in blocks: how they are put, read and deleted. All of it within a transaction of the caller. */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { Shape } from '../driver.ts';
import type { Message, PutOptions, StoredMessage } from '../queue.ts';
import { addMessages, type Block, blockOf, holds, parts } from './block.ts';
import { idOf, shapeOf } from './schema.ts';

/** The messages of a queue in an open file; `dead`: of its dead letters. */
export class Blocks {
  readonly database: DatabaseSyncInstance;
  readonly dead: 0 | 1;
  readonly shape: Shape;
  /** Tells the queue from all others. */
  readonly queueId: string;
  readonly #statements = new Map<string, ReturnType<DatabaseSyncInstance['prepare']>>();
  /** The block that was read last: takers of few messages come back to it. */
  #last: { readonly partition: number; readonly block: Block; readonly lengths: number[] } | undefined;

  constructor(database: DatabaseSyncInstance, dead: 0 | 1) {
    this.database = database;
    this.dead = dead;
    this.shape = shapeOf(database);
    this.queueId = idOf(database);
  }

  /** A prepared statement. */
  sql(text: string) {
    const statement = this.#statements.get(text) ?? this.database.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }

  /** To be called when a transaction was rolled back. */
  forget(): void {
    this.#last = undefined;
  }

  /** Partitions from 0 on; the first is that of messages without key. */
  get partitions(): number {
    return (this.shape.partitions ?? 0) + 1;
  }

  /** How many of the messages fit into the queue, first to last. Into an empty queue at least one does. */
  fitting(messages: readonly Message[]): number {
    const { maxBytes } = this.shape;
    if (this.dead === 1 || maxBytes === undefined) return messages.length;
    const bytes = this.bytes();
    let left = maxBytes - bytes;
    for (const [count, { body }] of messages.entries()) {
      left -= body.length;
      if (left < 0) return bytes === 0 ? Math.max(count, 1) : count;
    }
    return messages.length;
  }

  /** Puts messages behind all others. @returns the number of those whose id was known, and that are not put */
  put(messages: readonly Message[], { delayMs, remember }: PutOptions, now: number): number {
    const fresh = this.#withoutRepeats(messages, remember);
    const partitions = new Map<number, Message[]>();
    for (const message of fresh) {
      const partition = message.key === undefined ? 0 : this.partitionOf(message.key);
      const others = partitions.get(partition);
      if (others === undefined) partitions.set(partition, [message]);
      else others.push(message);
    }
    for (const [partition, own] of partitions) this.putInto(partition, own, delayMs, now);
    return messages.length - fresh.length;
  }

  putInto(partition: number, messages: readonly Message[], delayMs: number, now: number): void {
    let first: number = this.end(partition);
    let total = 0;
    for (const part of parts(messages)) {
      const block = blockOf(part);
      this.sql('INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
        ...[this.dead, partition, first, part.length, Math.round(now), Math.round(delayMs)],
        ...[block.bytes, block.lengths, block.keys, block.headers, block.body],
      );
      first += part.length;
      total += block.bytes;
    }
    this.sql('UPDATE partition SET "end" = ?, bytes = bytes + ? WHERE dead = ? AND partition = ?').run(
      ...[first, total, this.dead, partition],
    );
  }

  /** The number that the next message of a partition will get. */
  end(partition: number): number {
    return this.sql('SELECT "end" FROM partition WHERE dead = ? AND partition = ?').get(this.dead, partition)
      .end;
  }

  /** The number of the first message that is stored; that of the next one if none is. */
  begin(partition: number): number {
    const found = this.sql('SELECT min(first) AS first FROM block WHERE dead = ? AND partition = ?').get(
      ...[this.dead, partition],
    );
    return found.first ?? this.end(partition);
  }

  /** The partition of a key: FNV-1a, so that it is the same everywhere. */
  partitionOf(key: string): number {
    let mixed = 0x811c9dc5;
    for (const byte of Buffer.from(key)) mixed = Math.imul(mixed ^ byte, 0x01000193);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    return 1 + (((mixed ^ (mixed >>> 13)) >>> 0) % (this.partitions - 1));
  }

  #withoutRepeats(messages: readonly Message[], remember: number): readonly Message[] {
    if (remember === 0 || messages.every(({ id }) => id === undefined)) return messages;
    let { ids } = this.sql('SELECT ids FROM queue').get();
    const add = this.sql('INSERT INTO id VALUES (?, ?) ON CONFLICT DO NOTHING');
    // Loaded only for messages with an id, and within a transaction, which waits for nothing.
    const { hash } = process.getBuiltinModule('node:crypto');
    const fresh = messages.filter(({ id }) => {
      if (id === undefined) return true;
      const digest = hash('sha256', id, 'buffer').subarray(0, 16);
      if (add.run(digest, ids).changes === 0) return false;
      ids++;
      return true;
    });
    this.sql('UPDATE queue SET ids = ?').run(ids);
    this.sql('DELETE FROM id WHERE number < ?').run(ids - remember);
    return fresh;
  }

  /** How many of the messages from `first` on, at most up to `last`, fit into these bytes: at least one. */
  countFitting(partition: number, first: number, last: number, bytes: number): number {
    let left = bytes;
    let count = 0;
    for (let next = first; next <= last; ) {
      const found = this.#blockAt(partition, next);
      if (found === undefined) break;
      const { block, lengths } = found;
      const behind = block.first + block.count;
      if (next === block.first && behind - 1 <= last && block.body.length <= left) {
        left -= block.body.length;
        count += block.count;
        next = behind;
        continue;
      }
      for (; next <= last && next < block.first + block.count; next++) {
        left -= lengths[next - block.first] ?? 0;
        if (left < 0 && count > 0) return count;
        count++;
      }
    }
    return count;
  }

  /** Messages in their order, of those that are stored. */
  read(partition: number, first: number, last: number): StoredMessage[] {
    const messages: StoredMessage[] = [];
    for (let next = first; next <= last; ) {
      const found = this.#blockAt(partition, next);
      if (found === undefined) break;
      addMessages(messages, found, { first: next, last });
      next = found.block.first + found.block.count;
    }
    return messages;
  }

  /** The delay of the block that holds a message, and its end. */
  delayAt(partition: number, sequence: number): { time: number; delay: number; last: number } | undefined {
    const found: Pick<Block, 'first' | 'count' | 'time' | 'delay'> | undefined = this.sql(
      'SELECT first, count, time, delay FROM block WHERE dead = ? AND partition = ? AND first <= ? ORDER BY first DESC LIMIT 1',
    ).get(this.dead, partition, sequence);
    if (found === undefined || found.first + found.count <= sequence) return undefined;
    return { time: found.time, delay: found.delay, last: found.first + found.count - 1 };
  }

  /** The first message behind `first` that is delayed; Infinity when there is none before `end`. */
  firstDelayed(partition: number, first: number, end: number, now: number): number {
    const found = this.sql(
      `SELECT min(first) AS first FROM block
       WHERE delay > 0 AND dead = ? AND partition = ? AND first > ? AND first < ? AND min(time, ?) + delay > ?`,
    ).get(this.dead, partition, first, end, now, now);
    return found.first ?? Number.POSITIVE_INFINITY;
  }

  /** When a message was put; undefined when it is not stored. */
  timeOf(partition: number, sequence: number): number | undefined {
    return this.delayAt(partition, sequence)?.time;
  }

  /** The first message that was put at or after a time; the next one to be put for none. */
  firstSince(partition: number, time: number): number {
    const found = this.sql(
      'SELECT min(first) AS first FROM block WHERE dead = ? AND partition = ? AND time >= ?',
    ).get(this.dead, partition, Math.round(time));
    return found.first ?? this.end(partition);
  }

  /** Bytes of all that is stored. */
  bytes(): number {
    return this.sql('SELECT sum(bytes) AS bytes FROM partition WHERE dead = ?').get(this.dead).bytes;
  }

  /** The block that holds a message, or the next one after it. */
  #blockAt(partition: number, sequence: number) {
    const known = this.#last;
    if (known !== undefined && known.partition === partition && holds(known.block, sequence)) return known;
    const columns = 'first, count, time, delay, bytes, lengths, keys, headers, body';
    const where = 'FROM block WHERE dead = ? AND partition = ?';
    let block: Block | undefined = this.sql(
      `SELECT ${columns} ${where} AND first <= ? ORDER BY first DESC LIMIT 1`,
    ).get(this.dead, partition, sequence);
    if (block === undefined || !holds(block, sequence))
      block = this.sql(`SELECT ${columns} ${where} AND first > ? ORDER BY first LIMIT 1`).get(
        ...[this.dead, partition, sequence],
      );
    if (block === undefined) return undefined;
    const lengths: number[] = JSON.parse(block.lengths);
    this.#last = { partition, block, lengths };
    return this.#last;
  }
}
