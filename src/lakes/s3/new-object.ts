/**
 * An S3 object being written.
 *
 *   up to 8 MiB                      in memory, then one request
 *   more, and the only open object   multipart upload while it is written
 *   more, while the name is unknown  in an unnamed file, then a multipart upload
 *
 * With several open objects, whatever exceeds the shared memory goes into an unnamed file, too.
 */

import { createHash } from 'node:crypto';
import { HeldBytes } from '../../files/held-bytes.ts';
import type { NewObject } from '../lake.ts';
import type { Bucket } from './bucket.ts';
import { NoUpload } from './failure.ts';
import { Part } from './part.ts';
import { FIRST_PART } from './parts.ts';
import { keyOf } from './place.ts';
import { publish } from './publish.ts';
import type { Room } from './room.ts';
import { hasBytes } from './same-bytes.ts';
import { Upload } from './upload.ts';

export class NewS3Object implements NewObject {
  readonly #bucket: Bucket;
  readonly #room: Room;
  /** Undefined while the name is unknown. */
  readonly #key: string | undefined;
  /** The bytes in memory, which count towards the shared limit. */
  #part = new Part(FIRST_PART);
  #file: HeldBytes | undefined;
  #upload: Upload | undefined;
  #isOver = false;

  /** @throws BadName */
  constructor(bucket: Bucket, room: Room, name: string | undefined) {
    this.#bucket = bucket;
    this.#room = room;
    this.#key = name === undefined ? undefined : keyOf(bucket.place, name);
    room.enter();
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#upload === undefined && this.#file === undefined) {
      const isLong = this.#part.length + bytes.length > FIRST_PART;
      if (!isLong && this.#room.take(bytes.length)) {
        this.#part.add(bytes);
        return;
      }
      await this.#spill(isLong);
    }
    if (this.#upload !== undefined) await this.#upload.write(bytes);
    else this.#file?.add(bytes);
  }

  async commit(name: string): Promise<'stored' | 'present'> {
    try {
      const key = keyOf(this.#bucket.place, name);
      const file = this.#file;
      if (file !== undefined) return await this.#room.inTurn(() => this.#storeFile(file, key));
      return this.#upload === undefined
        ? await this.#store(this.#part.bytes, key)
        : await this.#complete(this.#upload, key);
    } finally {
      await this.discard();
    }
  }

  async discard(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#file?.close();
    this.#room.giveBack(this.#part.length);
    this.#room.leave();
    await this.#upload?.abort();
  }

  async #spill(isLong: boolean): Promise<void> {
    const { bytes } = this.#part;
    if (isLong && this.#key !== undefined && this.#room.isForOne) {
      this.#upload = await Upload.begin(this.#bucket, this.#key, this.#room.spare);
      await this.#upload.write(bytes);
    } else {
      this.#file = new HeldBytes();
      this.#file.add(bytes);
    }
    this.#room.giveBack(bytes.length);
    this.#part = new Part(0);
  }

  async #storeFile(file: HeldBytes, key: string): Promise<'stored' | 'present'> {
    if (file.length <= FIRST_PART) {
      const part = new Part(file.length, Buffer.allocUnsafeSlow(file.length));
      for await (const chunk of file.chunks()) part.add(chunk);
      return this.#store(part.bytes, key);
    }
    const upload = await Upload.begin(this.#bucket, key, this.#room.spare);
    this.#upload = upload;
    for await (const chunk of file.chunks()) await upload.write(chunk);
    return this.#complete(upload, key);
  }

  #store(bytes: Buffer, key: string): Promise<'stored' | 'present'> {
    return publish({
      ...{ bucket: this.#bucket, key },
      pieces: () => [{ length: bytes.length, sha256: createHash('sha256').update(bytes).digest() }],
      show: (how) => this.#bucket.put(key, bytes, how),
    });
  }

  async #complete(upload: Upload, key: string): Promise<'stored' | 'present'> {
    await upload.end();
    const { pieces } = upload;
    return publish({
      ...{ bucket: this.#bucket, key, pieces: () => pieces },
      show: (how) =>
        upload.complete(how).catch(async (error) => {
          // It was completed by a request whose response was lost.
          if (!(error instanceof NoUpload) || !(await hasBytes(this.#bucket, key, pieces))) throw error;
        }),
    });
  }
}
