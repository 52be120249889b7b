/** Reads an object and verifies its checksum. Resumes after a broken connection, if the object is still the same. */

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

/** An error this soon after the next bytes were requested happened earlier. */
const EARLIER_MS = 100;

export class StoredObject {
  readonly #bucket: Bucket;
  readonly #key: string;
  #answer: GetObjectCommandOutput;
  #offset = 0;
  #crc = 0;
  /** When the next bytes were requested, in elapsed milliseconds. */
  #askedAt = 0;
  /** Undefined when the server does not tell. */
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

  /** All bytes, once. @throws Failure (temporary), (I/O) when they do not match the stored checksum */
  async *chunks(): AsyncGenerator<Buffer> {
    const { ChecksumCRC32: crc, ChecksumType: type } = this.#answer;
    const { waitMs, signal, explain } = this.#bucket.settings;
    let brokenAt = Number.NaN;
    for (let retries = 0; ; ) {
      const offset = this.#offset;
      try {
        if (!Number.isNaN(brokenAt)) await this.#resume();
        yield* this.#body();
        break;
      } catch (error) {
        const failure = await this.#failure(error);
        if (!isTemporary(failure) || error instanceof Taken || signal.aborted) throw failure;
        if (this.#offset === this.length) break;
        // Progress restarts the retry time.
        if (Number.isNaN(brokenAt) || this.#offset > offset) {
          retries = 0;
          brokenAt = elapsedMs();
        }
        const leftMs = Math.max(0, waitMs - (elapsedMs() - brokenAt));
        // A slow reader may have run into our own timeout.
        const isUnread = this.#offset > offset && elapsedMs() - this.#askedAt < EARLIER_MS;
        if (leftMs === 0 && !isUnread) throw failure;
        explain(`${failure instanceof Error ? failure.message : failure}: trying again`);
        await sleep(backOff(retries++, leftMs), undefined, { signal });
      }
    }
    // The library verifies the checksum only of a whole response.
    if (crc !== undefined && type !== 'COMPOSITE' && checksum(this.#crc) !== crc)
      throw this.#checksumMismatch();
  }

  /** Closes the connection. */
  close(): void {
    const { Body: body } = this.#answer;
    if (body instanceof Readable) body.destroy();
  }

  async #resume(): Promise<void> {
    const rest = { offset: this.#offset, etag: this.#answer.ETag };
    this.#answer = await this.#bucket.get(this.#key, rest);
    if (this.#answer.ContentRange === undefined)
      throw new Failure(status.io, `${this.#shown}: was cut off, and the server cannot resume it`);
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
    if (error.message.startsWith('Checksum mismatch')) return this.#checksumMismatch();
    if (/^aborted|^Connection lost|^Premature close/i.test(error.message))
      return new NotNow(`${this.#shown}: connection lost`, { cause: error });
    return this.#bucket.failure(this.#key, error);
  }

  #checksumMismatch(): Failure {
    return new Failure(status.io, `${this.#shown}: its bytes do not match its checksum`);
  }
}
