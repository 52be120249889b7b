/** Messages in blocks: how they are put, read and deleted. All of it within a transaction of the caller. */

import { createHash } from 'node:crypto';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { shapeOf } from './file-schema.ts';
import type { Message, PutOptions, Shape, StoredMessage } from './queue.ts';

/** A block is read as a whole, so it must not grow: a put batch beyond this is several blocks. */
const BLOCK_BYTES = 1 << 20;
/** Bytes of messages that are acknowledged before their blocks are deleted: to do it each time takes as long as all the rest. */
const TRIM_BYTES = 1 << 20;
/** Free pages that a file may have for its next messages: 16 MiB. */
const FREE_PAGES = 4096;
/** Deletions of blocks per look at the file's size. */
const LOOKS_PER_SHRINK = 16;

/** A row of the table `block`. */
interface Block {
  readonly first: number;
  readonly count: number;
  readonly time: number;
  readonly delay: number;
  readonly bytes: number;
  readonly lengths: string;
  readonly keys: string | null;
  readonly headers: string | null;
  readonly body: Uint8Array;
}

/** The messages of a queue in an open file; `dead`: of its dead letters. */
export class Blocks {
  readonly database: DatabaseSyncInstance;
  readonly dead: 0 | 1;
  readonly shape: Shape;
  readonly #statements = new Map<string, ReturnType<DatabaseSyncInstance['prepare']>>();
  #trims = 0;
  /** Bytes acknowledged since blocks were deleted; the first time there may be some of other processes. */
  #acknowledged = TRIM_BYTES;
  /** The block that was read last: takers of few messages come back to it. */
  #last: { readonly partition: number; readonly block: Block; readonly lengths: number[] } | undefined;

  constructor(database: DatabaseSyncInstance, dead: 0 | 1) {
    this.database = database;
    this.dead = dead;
    this.shape = shapeOf(database);
  }

  /** A prepared statement. */
  sql(text: string) {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.database.prepare(text);
      this.#statements.set(text, statement);
    }
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
    const bytes = this.#bytes();
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
    let hash = 0x811c9dc5;
    for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return 1 + (((hash ^ (hash >>> 13)) >>> 0) % (this.partitions - 1));
  }

  #withoutRepeats(messages: readonly Message[], remember: number): readonly Message[] {
    if (remember === 0 || messages.every(({ id }) => id === undefined)) return messages;
    let { ids } = this.sql('SELECT ids FROM queue').get();
    const add = this.sql('INSERT INTO id VALUES (?, ?) ON CONFLICT DO NOTHING');
    const fresh = messages.filter(({ id }) => {
      if (id === undefined) return true;
      const hash = createHash('sha256').update(id).digest().subarray(0, 16);
      if (add.run(hash, ids).changes === 0) return false;
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

  /** The first message of the first delayed block from `sequence` on; Infinity for none. */
  firstDelayed(partition: number, sequence: number): number {
    const found = this.sql(
      'SELECT min(first) AS first FROM block WHERE delay > 0 AND dead = ? AND partition = ? AND first > ?',
    ).get(this.dead, partition, sequence);
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

  /**
   * Deletes blocks that all groups have taken, as far as the queue's shape lets it.
   *
   * @param before the first message that some group has not taken
   * @param now undefined: also those that are kept
   * @param most blocks that are deleted
   * @returns whether there may be more
   */
  trim(partition: number, before: number, now: number | undefined, most: number): boolean {
    const keep = this.dead === 1 || now === undefined ? undefined : this.shape.keep;
    const blocks: readonly Pick<Block, 'first' | 'count' | 'time' | 'bytes'>[] = this.sql(
      'SELECT first, count, time, bytes FROM block WHERE dead = ? AND partition = ? AND first < ? ORDER BY first LIMIT ?',
    ).all(this.dead, partition, before, most);
    let left = keep !== undefined && 'bytes' in keep ? this.#bytes() : 0;
    let freed = 0;
    let count = 0;
    for (const block of blocks) {
      if (block.first + block.count > before) break;
      if (keep !== undefined && isKept(block, keep, { now: now ?? 0, left })) break;
      left -= block.bytes;
      freed += block.bytes;
      count++;
    }
    const last = blocks[count - 1];
    if (last === undefined) return false;
    this.sql('DELETE FROM block WHERE dead = ? AND partition = ? AND first <= ?').run(
      ...[this.dead, partition, last.first],
    );
    this.sql('UPDATE partition SET bytes = bytes - ? WHERE dead = ? AND partition = ?').run(
      ...[freed, this.dead, partition],
    );
    this.#shrink();
    return count === most;
  }

  /** Gives pages back to the file system when three quarters of a large file are free. */
  #shrink(): void {
    if (this.#trims++ % LOOKS_PER_SHRINK !== 0) return;
    const { freelist_count: free } = this.sql('PRAGMA freelist_count').get();
    const { page_count: pages } = this.sql('PRAGMA page_count').get();
    if (free > FREE_PAGES && free > pages * 0.75) this.database.exec(`PRAGMA incremental_vacuum(${free / 4})`);
  }

  /** Counts messages that a group has acknowledged. @returns whether it is time to delete blocks */
  acknowledged(bytes: number): boolean {
    this.#acknowledged += bytes;
    if (this.#acknowledged < TRIM_BYTES) return false;
    this.#acknowledged = 0;
    return true;
  }

  #bytes(): number {
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

function holds({ first, count }: Pick<Block, 'first' | 'count'>, sequence: number): boolean {
  return first <= sequence && sequence < first + count;
}

/** @param left bytes in the queue, with those of the block */
function isKept(
  { time }: Pick<Block, 'time'>,
  keep: NonNullable<Shape['keep']>,
  { now, left }: { readonly now: number; readonly left: number },
): boolean {
  return 'ms' in keep ? now - time < keep.ms : left <= keep.bytes;
}

/** Cuts messages so that each part is a block. */
function* parts(messages: readonly Message[]): Generator<readonly Message[]> {
  let begin = 0;
  let bytes = 0;
  for (const [at, { body }] of messages.entries()) {
    if (at > begin && bytes + body.length > BLOCK_BYTES) {
      yield messages.slice(begin, at);
      begin = at;
      bytes = 0;
    }
    bytes += body.length;
  }
  if (begin < messages.length) yield begin === 0 ? messages : messages.slice(begin);
}

function blockOf(messages: readonly Message[]): Omit<Block, 'first' | 'count' | 'time' | 'delay'> {
  const keys = messages.some(({ key }) => key !== undefined)
    ? JSON.stringify(messages.map(({ key }) => key ?? null))
    : null;
  const headers = messages.some((message) => message.headers !== undefined)
    ? JSON.stringify(messages.map((message) => message.headers ?? null))
    : null;
  const body = Buffer.concat(messages.map((message) => message.body));
  const bytes = body.length + (keys?.length ?? 0) + (headers?.length ?? 0);
  return {
    bytes,
    lengths: JSON.stringify(messages.map((message) => message.body.length)),
    keys,
    headers,
    body,
  };
}

/** Adds the messages of a block from `first` to `last`. */
function addMessages(
  messages: StoredMessage[],
  { block, lengths }: { readonly block: Block; readonly lengths: readonly number[] },
  { first, last }: { readonly first: number; readonly last: number },
): void {
  const { time, body: bytes } = block;
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const keys: readonly (string | null)[] = block.keys === null ? [] : JSON.parse(block.keys);
  const headers: readonly (Record<string, string> | null)[] =
    block.headers === null ? [] : JSON.parse(block.headers);
  const isPlain = block.keys === null && block.headers === null;
  let sequence = block.first;
  let at = 0;
  for (const length of lengths) {
    if (sequence > last) return;
    if (sequence >= first) {
      const message = { sequence, time, body: body.subarray(at, at + length) };
      messages.push(isPlain ? message : { ...message, ...extras(keys, headers, sequence - block.first) });
    }
    at += length;
    sequence++;
  }
}

function extras(
  keys: readonly (string | null)[],
  headers: readonly (Record<string, string> | null)[],
  index: number,
): Pick<StoredMessage, 'key' | 'headers'> {
  const key = keys[index] ?? undefined;
  const own = headers[index] ?? undefined;
  return { ...(key !== undefined && { key }), ...(own !== undefined && { headers: own }) };
}
