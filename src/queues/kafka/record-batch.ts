/**
 * Encodes messages as a record batch (magic 2), the format of Kafka's log and protocol.
 *
 * The library's own writer allocates a dozen small buffers per record, and takes ten times as long.
 */

import { encodeText } from '../../lines/text.ts';
import type { Message } from '../queue.ts';
import type { Library } from './cluster.ts';

/** Length of the batch header, and the offsets of its fields. */
const HEAD = 61;
const [LENGTH_AT, MAGIC_AT, CRC_AT, ATTRIBUTES_AT, LAST_AT, FIRST_TIME_AT, MAX_TIME_AT] = [
  8, 16, 17, 21, 23, 27, 35,
];
const [PRODUCER_AT, EPOCH_AT, SEQUENCE_AT, COUNT_AT] = [43, 51, 53, 57];
const MAGIC = 2;
const FIRST_SIZE = 16 << 10;

/** Identity of the producer, and the sequence number of the first record. */
export interface Stamp {
  readonly producerId: bigint;
  readonly epoch: number;
  readonly sequence: number;
}

export class RecordBatch {
  readonly partition: number;
  /** The indexes of its messages within the put. */
  readonly numbers: number[] = [];
  #bytes = Buffer.allocUnsafe(FIRST_SIZE);
  #length = HEAD;

  constructor(partition: number) {
    this.partition = partition;
  }

  get length(): number {
    return this.#length;
  }

  add(number: number, { body, headers, isTombstone }: Message, key: Buffer | undefined): void {
    const value = isTombstone ? undefined : body;
    const delta = this.numbers.length;
    const texts = headers === undefined ? [] : Object.entries(headers).flat().map(encodeText);
    const head = 2 + sizeOf(delta) + sizeOfBytes(key) + sizeOfBytes(value) + sizeOf(texts.length / 2);
    const size = texts.reduce((sum, text) => sum + sizeOfBytes(text), head);
    this.#reserve(size + 5);
    this.#writeNumber(size);
    // No attributes; timestamp delta 0.
    this.#bytes[this.#length++] = 0;
    this.#bytes[this.#length++] = 0;
    this.#writeNumber(delta);
    this.#writeBytes(key);
    this.#writeBytes(value);
    this.#writeNumber(texts.length / 2);
    for (const text of texts) this.#writeBytes(text);
    this.numbers.push(number);
  }

  /** Closes the batch. @param time of all its messages, in epoch milliseconds */
  finish(time: number, compression: number, compress: ((records: Buffer) => Buffer) | undefined): void {
    if (compress !== undefined) {
      const records = compress(this.#bytes.subarray(HEAD, this.#length));
      this.#bytes = Buffer.concat([this.#bytes.subarray(0, HEAD), records]);
      this.#length = this.#bytes.length;
    }
    const bytes = this.#bytes;
    bytes.fill(0, 0, HEAD);
    bytes.writeInt32BE(this.#length - LENGTH_AT - 4, LENGTH_AT);
    bytes[MAGIC_AT] = MAGIC;
    bytes.writeInt16BE(compression, ATTRIBUTES_AT);
    bytes.writeInt32BE(this.numbers.length - 1, LAST_AT);
    bytes.writeBigInt64BE(BigInt(time), FIRST_TIME_AT);
    bytes.writeBigInt64BE(BigInt(time), MAX_TIME_AT);
    bytes.writeInt32BE(this.numbers.length, COUNT_AT);
  }

  /** The encoded batch to send. */
  stamped({ producerId, epoch, sequence }: Stamp, crc32c: Library['crc32c']): Buffer {
    const bytes = this.#bytes.subarray(0, this.#length);
    bytes.writeBigInt64BE(producerId, PRODUCER_AT);
    bytes.writeInt16BE(epoch, EPOCH_AT);
    bytes.writeInt32BE(sequence, SEQUENCE_AT);
    bytes.writeUInt32BE(crc32c(bytes.subarray(ATTRIBUTES_AT)), CRC_AT);
    return bytes;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + size));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  #writeBytes(bytes: Buffer | undefined): void {
    this.#writeNumber(bytes === undefined ? -1 : bytes.length);
    if (bytes === undefined) return;
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Zigzag varint. */
  #writeNumber(value: number): void {
    let rest = zigzag(value);
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }
}

function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

function sizeOf(value: number): number {
  const rest = zigzag(value);
  return rest < 1 << 7 ? 1 : rest < 1 << 14 ? 2 : rest < 1 << 21 ? 3 : rest < 1 << 28 ? 4 : 5;
}

function sizeOfBytes(bytes: Buffer | undefined): number {
  return bytes === undefined ? 1 : sizeOf(bytes.length) + bytes.length;
}

/** Maximum size of a message alone in a batch of this size. */
export function longestMessage(batchBytes: number): number {
  return batchBytes - HEAD - 32;
}

/** Approximate encoded size of a message. */
export function bytesOf({ body, key = '', headers }: Message): number {
  if (headers === undefined) return body.length + 3 * key.length;
  const texts = Object.entries(headers).flat();
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 4, body.length + Buffer.byteLength(key));
}
