/** A multipart upload, with several parts in flight, until it is completed or aborted. */

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { later } from '../../async/later.ts';
import { Failure, status } from '../../failure.ts';
import type { Bucket, SentPart, SignedBytes, UploadId } from './bucket.ts';
import { combinedCrc32 } from './crc32.ts';
import { Part } from './part.ts';
import { FIRST_PART, MAX_PARTS, partLength } from './parts.ts';
import { shownKey } from './place.ts';
import type { Piece } from './same-bytes.ts';

/** Memory for the parts in flight and the one being filled. A part larger than half of it is sent alone. */
const MAX_BYTES = 6 * FIRST_PART;
/** How long to wait for parts in flight before an abort: a cut-off part may be stored after the upload was removed. */
const GRACE_MS = 500;
/** Timeout of an abort. After a signal the process has little time. */
const ABORT_MS = { afterSignal: 1500, otherwise: 5000 };

/** Buffers for reuse: the garbage collector would free them too late. */
export type Spare = Buffer[];

export class Upload {
  readonly #bucket: Bucket;
  readonly #upload: UploadId;
  readonly #stop = new AbortController();
  readonly #sent: SentPart[] = [];
  readonly #pieces: Piece[] = [];
  readonly #inFlight = new Map<Promise<void>, number>();
  readonly #spare: Spare;
  #part: Part;
  #crc = 0;
  #isOver = false;

  private constructor(bucket: Bucket, upload: UploadId, spare: Spare) {
    this.#bucket = bucket;
    this.#upload = upload;
    this.#spare = spare;
    this.#part = newPart(0, spare);
    const { signal } = bucket.settings;
    signal.addEventListener('abort', () => this.#stopSoon(signal.reason), { signal: this.#stop.signal });
  }

  /**
   * Begins an upload, and aborts stale ones of this key, left by killed processes or lost responses. @throws Failure
   */
  static async begin(bucket: Bucket, key: string, spare: Spare): Promise<Upload> {
    await abortStale(bucket, key);
    const { upload, tries } = await bucket.create(key);
    if (tries > 1) await abortStale(bucket, key, upload);
    return new Upload(bucket, upload, spare);
  }

  /** The pieces sent so far. */
  get pieces(): readonly Piece[] {
    return this.#pieces;
  }

  /** Appends bytes; the buffer may be reused afterwards. @throws Failure */
  async write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      at += this.#part.add(bytes.subarray(at));
      if (this.#part.isFull) await this.#send();
    }
  }

  /** Sends the last part. @throws Failure */
  async end(): Promise<void> {
    if (this.#part.length > 0) await this.#send();
    await Promise.all(this.#inFlight.keys());
  }

  /** Makes it an object. @throws Taken, unless `replaces`; NoUpload, Failure */
  async complete({ replaces }: { replaces: boolean }): Promise<void> {
    const parts = this.#sent.toSorted((one, two) => one.PartNumber - two.PartNumber);
    await this.#bucket.complete(this.#upload, parts, { replaces, crc: this.#crc });
    this.#isOver = true;
    this.#stop.abort();
  }

  /** Removes the upload; does nothing once it is complete. */
  async abort(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopSoon(new Error('the upload is given up'));
    await Promise.allSettled(this.#inFlight.keys());
    const hasCutOff = this.#stop.signal.aborted;
    this.#stop.abort();
    const hasTime = !this.#bucket.settings.signal.aborted;
    const signal = AbortSignal.timeout(hasTime ? ABORT_MS.otherwise : ABORT_MS.afterSignal);
    try {
      do await this.#bucket.abort(this.#upload, signal);
      while (hasCutOff && (await this.#exists(signal)));
    } catch {
      // The next upload to this key removes it.
    }
  }

  #stopSoon(reason: unknown): void {
    const timer = setTimeout(() => this.#stop.abort(reason), GRACE_MS);
    this.#stop.signal.addEventListener('abort', () => clearTimeout(timer));
  }

  async #exists(signal: AbortSignal): Promise<boolean> {
    const uploads = await this.#bucket.uploads(this.#upload.key, signal);
    return uploads.some(({ id }) => id === this.#upload.id);
  }

  async #send(): Promise<void> {
    this.#bucket.settings.signal.throwIfAborted();
    const part = this.#part;
    const { bytes } = part;
    const index = this.#pieces.length;
    if (index === MAX_PARTS) {
      const shown = shownKey(this.#bucket.place, this.#upload.key);
      throw new Failure(status.unavailable, `${shown}: is longer than 351 GiB`);
    }
    const signed = { bytes, crc: crc32(bytes), sha256: createHash('sha256').update(bytes).digest() };
    this.#pieces.push({ length: bytes.length, sha256: signed.sha256 });
    this.#crc = combinedCrc32(this.#crc, signed.crc, bytes.length);
    const sending = later(
      this.#put(index + 1, signed).then(() => {
        this.#inFlight.delete(sending);
        this.#spare.push(part.buffer);
      }),
    );
    this.#inFlight.set(sending, bytes.length);
    const next = partLength(index + 1);
    while (this.#inFlight.size > 0 && this.#bytesInFlight() + next > MAX_BYTES)
      await Promise.race(this.#inFlight.keys());
    this.#part = newPart(index + 1, this.#spare);
  }

  async #put(number: number, bytes: SignedBytes): Promise<void> {
    this.#sent.push(await this.#bucket.putPart(this.#upload, number, bytes, this.#stop.signal));
  }

  #bytesInFlight(): number {
    return [...this.#inFlight.values()].reduce((sum, length) => sum + length, 0);
  }
}

function newPart(index: number, spare: Spare): Part {
  const length = partLength(index);
  const fitting = spare.findIndex((buffer) => buffer.length === length);
  const [buffer = Buffer.allocUnsafeSlow(length)] = fitting < 0 ? [] : spare.splice(fitting, 1);
  if (fitting < 0) spare.length = 0;
  return new Part(length, buffer);
}

/** Aborts uploads of a key. @param own the upload to keep */
async function abortStale(bucket: Bucket, key: string, own?: UploadId): Promise<void> {
  try {
    const { signal } = bucket.settings;
    const left = (await bucket.uploads(key, signal)).filter(({ id }) => id !== own?.id);
    for (const upload of left) await bucket.abort(upload, signal);
  } catch {
    // May not be permitted: only less tidy.
  }
}
