/** Stores, reads and deletes messages in blocks. Everything runs within the caller's transaction. */

import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { Shape } from '../driver.ts';
import type { Message, PutOptions, StoredMessage } from '../queue.ts';
import { addMessages, type Block, blockOf, holds, parts } from './block.ts';
import { idOf, shapeOf } from './schema.ts';

/** The messages of a queue in an open file; with `dead`, its dead letters. */
export class Blocks {
  readonly database: DatabaseSyncInstance;
  readonly dead: 0 | 1;
  readonly shape: Shape;
  /** Unique id of the queue. */
  readonly queueId: string;
  readonly #statements = new Map<string, ReturnType<DatabaseSyncInstance['prepare']>>();
  /** Cache of the block read last: takers of small batches read it again. */
  #last: { readonly partition: number; readonly block: Block; readonly lengths: number[] } | undefined;

  constructor(database: DatabaseSyncInstance, dead: 0 | 1) {
    this.database = database;
    this.dead = dead;
    this.shape = shapeOf(database);
    this.queueId = idOf(database);
  }

  /** A cached prepared statement. */
  sql(text: string) {
    const statement = this.#statements.get(text) ?? this.database.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }

  /** Clears the cache; call it after a rollback. */
  forget(): void {
    this.#last = undefined;
  }

  /** Number of partitions. Partition 0 holds the messages without a key. */
  get partitions(): number {
    return (this.shape.partitions ?? 0) + 1;
  }

  /** How many of the messages fit into the queue, from the first on. An empty queue takes at least one. */
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

  /** Appends messages. @returns how many were dropped as duplicates by id */
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

  /** The number of the next message of a partition. */
  end(partition: number): number {
    return this.sql('SELECT "end" FROM partition WHERE dead = ? AND partition = ?').get(this.dead, partition)
      .end;
  }

  /** The number of the first stored message; of the next message when none is stored. */
  begin(partition: number): number {
    const found = this.sql('SELECT min(first) AS first FROM block WHERE dead = ? AND partition = ?').get(
      ...[this.dead, partition],
    );
    return found.first ?? this.end(partition);
  }

  /** The partition of a key, from 1: FNV-1a with a final mix, the same on every machine. */
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
    // Loaded only for messages with an id, and synchronously: a transaction must not await anything.
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

  /** How many of the messages `first` to `last` fit into these bytes: at least one. */
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

  /** The stored messages `first` to `last`, in order. */
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

  /** Time and delay of the block that contains a message, and the last message of the block. */
  delayAt(partition: number, sequence: number): { time: number; delay: number; last: number } | undefined {
    const found: Pick<Block, 'first' | 'count' | 'time' | 'delay'> | undefined = this.sql(
      'SELECT first, count, time, delay FROM block WHERE dead = ? AND partition = ? AND first <= ? ORDER BY first DESC LIMIT 1',
    ).get(this.dead, partition, sequence);
    if (found === undefined || found.first + found.count <= sequence) return undefined;
    return { time: found.time, delay: found.delay, last: found.first + found.count - 1 };
  }

  /** The first delayed message after `first`; Infinity when there is none before `end`. */
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

  /** The first message put at or after a time; the number of the next message when there is none. */
  firstSince(partition: number, time: number): number {
    const found = this.sql(
      'SELECT min(first) AS first FROM block WHERE dead = ? AND partition = ? AND time >= ?',
    ).get(this.dead, partition, Math.round(time));
    return found.first ?? this.end(partition);
  }

  /** Total size of stored messages. */
  bytes(): number {
    return this.sql('SELECT sum(bytes) AS bytes FROM partition WHERE dead = ?').get(this.dead).bytes;
  }

  /** The block that contains a message, or else the next block. */
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
