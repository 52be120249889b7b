/**
 * Decodes record batches (magic 2), the format of Kafka's log and protocol.
 *
 * The library's own reader creates a dozen objects per record, and takes five times as long.
 */

import { decodeText } from '../../lines/text.ts';
import type { StoredMessage } from '../queue.ts';

const [LENGTH_AT, ATTRIBUTES_AT, LAST_AT, FIRST_TIME_AT, MAX_TIME_AT] = [8, 21, 23, 27, 35];
const [PRODUCER_AT, COUNT_AT, HEAD] = [43, 57, 61];
const [COMPRESSION, APPEND_TIME, TRANSACTIONAL, CONTROL] = [7, 8, 16, 32];
/** Type in the key of a transaction's control record: aborted. */
const ABORT = 0;
const empty = Buffer.alloc(0);

export interface Aborted {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

interface Reading {
  /** The first offset to return. */
  readonly from: number;
  readonly aborted: readonly Aborted[];
  decompress(records: Buffer, algorithm: number): Buffer;
}

/** The messages of record batches, of which the last may be truncated; without those of aborted transactions. */
export function readRecords(bytes: Buffer, { from, aborted, decompress }: Reading) {
  const messages: StoredMessage[] = [];
  const waiting = [...aborted].sort((a, b) => Number(a.firstOffset - b.firstOffset));
  const givenUp = new Set<bigint>();
  let next = from;
  for (let at = 0; at + HEAD <= bytes.length; ) {
    const end = at + LENGTH_AT + 4 + bytes.readInt32BE(at + LENGTH_AT);
    if (end > bytes.length) break;
    const batch = bytes.subarray(at, end);
    at = end;
    const attributes = batch.readInt16BE(ATTRIBUTES_AT);
    const first = Number(batch.readBigInt64BE(0));
    const last = first + batch.readInt32BE(LAST_AT);
    const producerId = batch.readBigInt64BE(PRODUCER_AT);
    next = Math.max(next, last + 1);
    for (let one = waiting[0]; one !== undefined && Number(one.firstOffset) <= last; one = waiting[0]) {
      givenUp.add(one.producerId);
      waiting.shift();
    }
    const compression = attributes & COMPRESSION;
    const records = compression === 0 ? batch.subarray(HEAD) : decompress(batch.subarray(HEAD), compression);
    if ((attributes & CONTROL) !== 0) {
      if (typeOfMark(records) === ABORT) givenUp.delete(producerId);
      continue;
    }
    if ((attributes & TRANSACTIONAL) !== 0 && givenUp.has(producerId)) continue;
    const isAppendTime = (attributes & APPEND_TIME) !== 0;
    const time = Number(batch.readBigInt64BE(isAppendTime ? MAX_TIME_AT : FIRST_TIME_AT));
    new RecordReader(records).read(
      batch.readInt32BE(COUNT_AT),
      { first, time, isAppendTime, from },
      messages,
    );
  }
  return { messages, next };
}

function typeOfMark(records: Buffer): number | undefined {
  return new RecordReader(records).firstKey()?.readInt16BE(2);
}

interface Base {
  readonly first: number;
  readonly time: number;
  readonly isAppendTime: boolean;
  readonly from: number;
}

class RecordReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  read(count: number, { first, time, isAppendTime, from }: Base, messages: StoredMessage[]): void {
    for (let left = count; left > 0; left--) {
      const end = this.#number() + this.#at;
      this.#at++;
      const delta = this.#number();
      const sequence = first + this.#number();
      // Batches are sent whole, even when the fetch starts in their middle.
      if (sequence >= from) messages.push(this.#message(sequence, isAppendTime ? time : time + delta));
      this.#at = end;
    }
  }

  firstKey(): Buffer | undefined {
    this.#number();
    this.#at++;
    this.#number();
    this.#number();
    return this.#some();
  }

  #message(sequence: number, time: number): StoredMessage {
    const key = this.#some();
    const value = this.#some();
    const body = value ?? empty;
    const count = this.#number();
    if (key === undefined && count === 0 && value !== undefined) return { sequence, time, body };
    const headers: [string, string][] = [];
    for (let left = count; left > 0; left--)
      headers.push([decodeText(this.#some() ?? empty), decodeText(this.#some() ?? empty)]);
    return {
      ...{ sequence, time, body },
      ...(key !== undefined && { key: decodeText(key) }),
      ...(count > 0 && { headers: Object.fromEntries(headers) }),
      ...(value === undefined && { isTombstone: true }),
    };
  }

  /** Undefined for null. */
  #some(): Buffer | undefined {
    const length = this.#number();
    if (length < 0) return undefined;
    const from = this.#at;
    this.#at += length;
    return this.#bytes.subarray(from, this.#at);
  }

  /** Zigzag varint of up to 53 bits. */
  #number(): number {
    let byte = this.#bytes[this.#at++] ?? 0;
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let value = byte & 0x7f;
    for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
      byte = this.#bytes[this.#at++] ?? 0;
      value += (byte & 0x7f) * scale;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
