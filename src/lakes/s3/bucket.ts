/** The requests to a bucket. */

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

/** A part of an upload that the server has. */
export interface SentPart {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
  readonly ChecksumCRC32: string | undefined;
}

/** Bytes that the library need not read any more before it sends them. */
export interface SignedBytes {
  readonly bytes: Buffer;
  readonly crc: number;
  readonly sha256: Buffer;
}

/** An upload of parts. */
export interface UploadId {
  readonly key: string;
  readonly id: string;
}

/** What follows an offset. */
export interface Rest {
  readonly offset: number;
  /** Of the object that the bytes before it were of. */
  readonly etag: string | undefined;
}

export class Bucket {
  readonly place: Place;
  readonly settings: LakeSettings;
  readonly #client: Client;

  /** Touches nothing yet. */
  constructor(place: Place, settings: LakeSettings) {
    this.place = place;
    this.settings = settings;
    this.#client = clientOf(settings);
  }

  /** @throws Taken, unless it `replaces`; Failure */
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

  /** Begins an upload. @returns also in how many tries: each may have begun one, and its answer may be lost @throws Failure */
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

  /** Makes an object of parts. @param crc of all bytes @throws Taken, unless it `replaces`; NoUpload, Failure */
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

  /** Leaves nothing of an upload. @param signal ends it @throws NoUpload, Failure */
  async abort({ key, id }: UploadId, signal: AbortSignal): Promise<void> {
    const upload = { Bucket: this.place.bucket, Key: key, UploadId: id };
    const send: Send<unknown> = ({ library, client }, options) =>
      client.send(new library.AbortMultipartUploadCommand(upload), options);
    await this.#ask(key, send, { signal, isOnce: true });
  }

  /** Uploads to this key that are neither complete nor aborted. @param signal ends it @throws Failure */
  async uploads(key: string, signal: AbortSignal): Promise<UploadId[]> {
    const where = { Bucket: this.place.bucket, Prefix: key };
    const send: Send<ListMultipartUploadsCommandOutput> = ({ library, client }, options) =>
      client.send(new library.ListMultipartUploadsCommand(where), options);
    const { Uploads: uploads = [] } = await this.#ask(key, send, { signal, isOnce: true });
    return uploads
      .filter(({ Key, UploadId }) => Key === key && UploadId !== undefined)
      .map(({ UploadId: id = '' }) => ({ key, id }));
  }

  /** An object, or the rest of one. @throws Missing, Failure; Taken when the rest is of another one */
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

  /** The Failure of an error that a request has met. */
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

  /** What each answer of S3 has. @throws Failure (unavailable) when it is missing: some other server has said yes */
  #assertOfS3(key: string, text: string | undefined): string {
    if (text) return text;
    throw new Failure(status.unavailable, `${shownKey(this.place, key)}: not an answer of S3`);
  }

  /** @throws Failure (I/O) when the server has other bytes than it was sent */
  #compare(key: string, theirs: string | undefined, ours: string): void {
    if (theirs === undefined || theirs === ours) return;
    const shown = shownKey(this.place, key);
    throw new Failure(status.io, `${shown}: was stored with another checksum than it was sent with`);
  }
}

/**
 * Saves the library the work of a digest, and the connection that it would make anew to ask whether the server wants a part:
 * it has begun the upload.
 */
function presign(request: unknown, sha256: Buffer): void {
  const { headers } = request as { readonly headers: Record<string, string> };
  headers['x-amz-content-sha256'] = sha256.toString('hex');
  delete headers.Expect;
}

/** As S3 writes it. */
export function checksum(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return bytes.toString('base64');
}
