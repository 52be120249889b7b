/**
 * An object that is read. When its connection breaks, it is read on from there, as long as it is the same object; its bytes
 * are compared with the checksum that it was stored with.
 */

import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { elapsedMs } from '../../async/clock.ts';
import { backOff } from '../../async/retry.ts';
import { Failure, isTemporary, status } from '../../failure.ts';
import { NotNow } from '../../http/request.ts';
import { type Bucket, checksum } from './bucket.ts';
import { Taken } from './failure.ts';
import { shownKey } from './place.ts';

/** An error that comes so soon after it was asked for more bytes was there before. */
const UNREAD_MS = 100;

export class StoredObject {
  readonly #bucket: Bucket;
  readonly #key: string;
  #answer: GetObjectCommandOutput;
  #offset = 0;
  #crc = 0;
  /** When the next bytes were asked for, in elapsed milliseconds. */
  #askedAt = 0;
  /** Undefined when the server does not say. */
  readonly length: number | undefined;

  private constructor(bucket: Bucket, key: string, answer: GetObjectCommandOutput) {
    this.#bucket = bucket;
    this.#key = key;
    this.#answer = answer;
    this.length = answer.ContentLength;
  }

  /** @throws Missing, Failure */
  static async open(bucket: Bucket, key: string): Promise<StoredObject> {
    return new StoredObject(bucket, key, await bucket.get(key));
  }

  /** All bytes, once. @throws Failure (temporary), (I/O) when they are not those that were stored */
  async *chunks(): AsyncGenerator<Buffer> {
    const { ChecksumCRC32: crc, ChecksumType: type } = this.#answer;
    const { waitMs, signal, explain } = this.#bucket.settings;
    let brokenAt = Number.NaN;
    for (let retries = 0; ; ) {
      const offset = this.#offset;
      try {
        if (!Number.isNaN(brokenAt)) await this.#goOn();
        yield* this.#body();
        break;
      } catch (error) {
        const failure = await this.#failure(error);
        if (!isTemporary(failure) || error instanceof Taken || signal.aborted) throw failure;
        if (this.#offset === this.length) break;
        // Each byte that came begins the time anew.
        if (Number.isNaN(brokenAt) || this.#offset > offset) {
          retries = 0;
          brokenAt = elapsedMs();
        }
        const leftMs = Math.max(0, waitMs - (elapsedMs() - brokenAt));
        // What broke while nobody read may be our own limit of silence.
        const isUnread = this.#offset > offset && elapsedMs() - this.#askedAt < UNREAD_MS;
        if (leftMs === 0 && !isUnread) throw failure;
        explain(`${failure instanceof Error ? failure.message : failure}; trying again`);
        await sleep(backOff(retries++, leftMs), undefined, { signal });
      }
    }
    // The library compares only what has come in one piece.
    if (crc !== undefined && type !== 'COMPOSITE' && checksum(this.#crc) !== crc) throw this.#differs();
  }

  /** Lets go of it. */
  close(): void {
    const { Body: body } = this.#answer;
    if (body instanceof Readable) body.destroy();
  }

  async #goOn(): Promise<void> {
    const rest = { offset: this.#offset, etag: this.#answer.ETag };
    this.#answer = await this.#bucket.get(this.#key, rest);
    if (this.#answer.ContentRange === undefined)
      throw new Failure(status.io, `${this.#shown}: has broken off, and the server gives no rest of it`);
  }

  async *#body(): AsyncGenerator<Buffer> {
    const { Body: body } = this.#answer;
    if (!(body instanceof Readable)) throw new TypeError('an answer without a body');
    this.#askedAt = elapsedMs();
    for await (const chunk of body) {
      this.#offset += chunk.length;
      this.#crc = crc32(chunk, this.#crc);
      yield chunk;
      this.#askedAt = elapsedMs();
    }
    if (this.length !== undefined && this.#offset < this.length)
      throw new NotNow(`${this.#shown}: the answer has ended early`);
  }

  get #shown(): string {
    return shownKey(this.#bucket.place, this.#key);
  }

  async #failure(error: unknown): Promise<unknown> {
    if (error instanceof Taken)
      return new Failure(status.temporary, `${this.#shown}: was replaced while it was read`, {
        cause: error,
      });
    if (!(error instanceof Error) || error instanceof Failure) return error;
    if (error.message.startsWith('Checksum mismatch')) return this.#differs();
    if (/^aborted|^Connection lost|^Premature close/i.test(error.message))
      return new NotNow(`${this.#shown}: the connection has broken`, { cause: error });
    return this.#bucket.failure(this.#key, error);
  }

  #differs(): Failure {
    return new Failure(status.io, `${this.#shown}: its bytes are not those of its checksum`);
  }
}
