/** Requests to a bucket. */

import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type {
  GetObjectCommandOutput,
  ListMultipartUploadsCommandOutput,
  UploadPartCommandOutput,
} from '@aws-sdk/client-s3';
import { Failure, status } from '../../failure.ts';
import type { LakeSettings } from '../lake.ts';
import { type Asked, type Client, clientOf, type Send } from './client.ts';
import { s3Failure } from './failure.ts';
import { type Place, shownKey } from './place.ts';

/** An uploaded part. */
export interface SentPart {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
  readonly ChecksumCRC32: string | undefined;
}

/** Bytes with precomputed digests, so that the library need not read them again. */
export interface SignedBytes {
  readonly bytes: Buffer;
  readonly crc: number;
  readonly sha256: Buffer;
}

/** A multipart upload. */
export interface UploadId {
  readonly key: string;
  readonly id: string;
}

/** The rest of an object. */
export interface Rest {
  readonly offset: number;
  /** The ETag of the object that was read so far. */
  readonly etag: string | undefined;
}

export class Bucket {
  readonly place: Place;
  readonly settings: LakeSettings;
  readonly #client: Client;

  /** Does no I/O yet. */
  constructor(place: Place, settings: LakeSettings) {
    this.place = place;
    this.settings = settings;
    this.#client = clientOf(settings);
  }

  /** @throws Taken, unless `replaces`; Failure */
  async put(key: string, bytes: Buffer, { replaces }: { replaces: boolean }): Promise<void> {
    const crc = checksum(crc32(bytes));
    const answer = await this.#ask(key, (s3, options) =>
      s3.client.send(
        new s3.library.PutObjectCommand({
          ...{ Bucket: this.place.bucket, Key: key, Body: bytes, ContentLength: bytes.length },
          ...(s3.hasChecksums && { ChecksumCRC32: crc }),
          ...(!replaces && { IfNoneMatch: '*' }),
        }),
        options,
      ),
    );
    this.#assertOfS3(key, answer.ETag);
    this.#compare(key, answer.ChecksumCRC32, crc);
  }

  /**
   * Creates a multipart upload. @returns also how many tries: a lost response may leave another upload @throws Failure
   */
  async create(key: string): Promise<{ readonly upload: UploadId; readonly tries: number }> {
    let tries = 0;
    const { UploadId: id } = await this.#ask(key, (s3, options) => {
      tries++;
      return s3.client.send(
        new s3.library.CreateMultipartUploadCommand({
          ...{ Bucket: this.place.bucket, Key: key },
          ...(s3.hasChecksums && {
            ChecksumAlgorithm: 'CRC32' as const,
            ChecksumType: 'FULL_OBJECT' as const,
          }),
        }),
        options,
      );
    });
    return { upload: { key, id: this.#assertOfS3(key, id) }, tries };
  }

  /** @param number from 1 @throws NoUpload, Failure */
  async putPart(
    { key, id }: UploadId,
    number: number,
    { bytes, crc, sha256 }: SignedBytes,
    signal: AbortSignal,
  ): Promise<SentPart> {
    const send: Send<UploadPartCommandOutput> = ({ library, client, hasChecksums }, options) => {
      const command = new library.UploadPartCommand({
        ...{ Bucket: this.place.bucket, Key: key, UploadId: id, PartNumber: number },
        ...{ Body: bytes, ContentLength: bytes.length },
        ...(hasChecksums && { ChecksumCRC32: checksum(crc) }),
      });
      command.middlewareStack.add(
        (next) => (args) => {
          presign(args.request, sha256);
          return next(args);
        },
        { step: 'build', priority: 'low' },
      );
      return client.send(command, options);
    };
    const answer = await this.#ask(key, send, { signal });
    this.#compare(key, answer.ChecksumCRC32, checksum(crc));
    return { PartNumber: number, ETag: answer.ETag, ChecksumCRC32: answer.ChecksumCRC32 };
  }

  /** Completes an upload. @param crc of the whole object @throws Taken, unless `replaces`; NoUpload, Failure */
  async complete(
    { key, id }: UploadId,
    parts: readonly SentPart[],
    { replaces, crc }: { replaces: boolean; crc: number },
  ): Promise<void> {
    const answer = await this.#ask(key, (s3, options) =>
      s3.client.send(
        new s3.library.CompleteMultipartUploadCommand({
          ...{ Bucket: this.place.bucket, Key: key, UploadId: id, MultipartUpload: { Parts: [...parts] } },
          ...(s3.hasChecksums && { ChecksumCRC32: checksum(crc), ChecksumType: 'FULL_OBJECT' as const }),
          ...(!replaces && { IfNoneMatch: '*' }),
        }),
        options,
      ),
    );
    this.#assertOfS3(key, answer.ETag);
    if (answer.ChecksumType === 'FULL_OBJECT') this.#compare(key, answer.ChecksumCRC32, checksum(crc));
  }

  /** Aborts an upload. @param signal cancels it @throws NoUpload, Failure */
  async abort({ key, id }: UploadId, signal: AbortSignal): Promise<void> {
    const upload = { Bucket: this.place.bucket, Key: key, UploadId: id };
    const send: Send<unknown> = ({ library, client }, options) =>
      client.send(new library.AbortMultipartUploadCommand(upload), options);
    await this.#ask(key, send, { signal, isOnce: true });
  }

  /** The incomplete uploads of a key. @param signal cancels it @throws Failure */
  async uploads(key: string, signal: AbortSignal): Promise<UploadId[]> {
    const where = { Bucket: this.place.bucket, Prefix: key };
    const send: Send<ListMultipartUploadsCommandOutput> = ({ library, client }, options) =>
      client.send(new library.ListMultipartUploadsCommand(where), options);
    const { Uploads: uploads = [] } = await this.#ask(key, send, { signal, isOnce: true });
    return uploads
      .filter(({ Key, UploadId }) => Key === key && UploadId !== undefined)
      .map(({ UploadId: id = '' }) => ({ key, id }));
  }

  /** An object, or the rest of one. @throws Missing, Failure; Taken when the object was replaced */
  async get(key: string, rest?: Rest): Promise<GetObjectCommandOutput> {
    const answer = await this.#ask(key, (s3, options) =>
      s3.client.send(
        new s3.library.GetObjectCommand({
          ...{ Bucket: this.place.bucket, Key: key },
          ...(s3.hasChecksums && { ChecksumMode: 'ENABLED' as const }),
          ...(rest !== undefined && { Range: `bytes=${rest.offset}-`, IfMatch: rest.etag }),
        }),
        options,
      ),
    );
    if (!answer.ETag && answer.Body instanceof Readable) answer.Body.destroy();
    this.#assertOfS3(key, answer.ETag);
    return answer;
  }

  /** Converts an error of a request to a Failure. */
  async failure(key: string, error: unknown): Promise<unknown> {
    const { settings } = await this.#client.loaded();
    return s3Failure(error, this.place, key, settings);
  }

  async #ask<Answer>(key: string, send: Send<Answer>, how: Partial<Asked> = {}): Promise<Answer> {
    const { signal } = this.settings;
    return this.#client.ask(send, {
      ...{ signal, isOnce: false, ...how },
      failureOf: (error, settings) => s3Failure(error, this.place, key, settings),
    });
  }

  /** A field that every S3 response has. @throws Failure (unavailable) when it is missing: the server is not S3 */
  #assertOfS3(key: string, text: string | undefined): string {
    if (text) return text;
    throw new Failure(status.unavailable, `${shownKey(this.place, key)}: not an answer from S3`);
  }

  /** @throws Failure (I/O) when the server received other bytes than were sent */
  #compare(key: string, theirs: string | undefined, ours: string): void {
    if (theirs === undefined || theirs === ours) return;
    const shown = shownKey(this.place, key);
    throw new Failure(status.io, `${shown}: was stored with a checksum other than the one sent`);
  }
}

/**
 * Sets the digest, so that the library need not compute it. Removes `Expect`, which would cost a new connection: the
 * server has already accepted the upload.
 */
function presign(request: unknown, sha256: Buffer): void {
  const { headers } = request as { readonly headers: Record<string, string> };
  headers['x-amz-content-sha256'] = sha256.toString('hex');
  delete headers.Expect;
}

/** A CRC in S3's encoding. */
export function checksum(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return bytes.toString('base64');
}
