/** The requests to a bucket, each one tried again while that may help. */

import { setMaxListeners } from 'node:events';
import { crc32 } from 'node:zlib';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { backOff, retry } from '../../async/retry.ts';
import { Failure, isTemporary, status } from '../../failure.ts';
import { type AwsSettings, awsSettings } from '../../http/aws.ts';
import type { LakeSettings } from '../lake.ts';
import { s3Failure } from './failure.ts';
import type { Place } from './place.ts';

/** How long a server may be silent, whatever `--wait` says. */
const LEAST_SILENCE_MS = 1000;
const MOST_SILENCE_MS = 60_000;

type Library = typeof import('./library.ts');

interface Loaded {
  readonly library: Library;
  readonly client: S3Client;
  readonly settings: AwsSettings;
  /** Whether checksums are sent and asked for, as `AWS_REQUEST_CHECKSUM_CALCULATION` has it. */
  readonly hasChecksums: boolean;
}

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

/** How a request is made. */
interface Asked {
  readonly key: string;
  readonly signal: AbortSignal;
  /** Once only. */
  readonly isLast?: boolean;
}

export class Bucket {
  readonly place: Place;
  readonly settings: LakeSettings;
  #loading: Promise<Loaded> | undefined;

  /** Touches nothing yet. */
  constructor(place: Place, settings: LakeSettings) {
    this.place = place;
    this.settings = settings;
  }

  /** @throws Taken, unless it `replaces`; Failure */
  async put(key: string, bytes: Buffer, { replaces }: { replaces: boolean }): Promise<void> {
    const crc = checksum(crc32(bytes));
    const answer = await this.#ask({ key, signal: this.settings.signal }, (s3, options) =>
      s3.client.send(
        new s3.library.PutObjectCommand({
          ...{ Bucket: this.place.bucket, Key: key, Body: bytes, ContentLength: bytes.length },
          ...(s3.hasChecksums && { ChecksumCRC32: crc }),
          ...(!replaces && { IfNoneMatch: '*' }),
        }),
        options,
      ),
    );
    this.#compare(key, answer.ChecksumCRC32, crc);
  }

  /** Begins an upload. @throws Failure */
  async create(key: string): Promise<UploadId> {
    const { UploadId: id = '' } = await this.#ask({ key, signal: this.settings.signal }, (s3, options) =>
      s3.client.send(
        new s3.library.CreateMultipartUploadCommand({
          ...{ Bucket: this.place.bucket, Key: key },
          ...(s3.hasChecksums && {
            ChecksumAlgorithm: 'CRC32' as const,
            ChecksumType: 'FULL_OBJECT' as const,
          }),
        }),
        options,
      ),
    );
    return { key, id };
  }

  /** @param number from 1 @throws NoUpload, Failure */
  async putPart(
    { key, id }: UploadId,
    number: number,
    { bytes, crc, sha256 }: SignedBytes,
    signal: AbortSignal,
  ): Promise<SentPart> {
    const answer = await this.#ask({ key, signal }, ({ library, client, hasChecksums }, options) => {
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
    });
    this.#compare(key, answer.ChecksumCRC32, checksum(crc));
    return { PartNumber: number, ETag: answer.ETag, ChecksumCRC32: answer.ChecksumCRC32 };
  }

  /** Makes an object of parts. @param crc of all bytes @throws Taken, unless it `replaces`; NoUpload, Failure */
  async complete(
    { key, id }: UploadId,
    parts: readonly SentPart[],
    { replaces, crc }: { replaces: boolean; crc: number },
  ): Promise<void> {
    const answer = await this.#ask({ key, signal: this.settings.signal }, (s3, options) =>
      s3.client.send(
        new s3.library.CompleteMultipartUploadCommand({
          ...{ Bucket: this.place.bucket, Key: key, UploadId: id, MultipartUpload: { Parts: [...parts] } },
          ...(s3.hasChecksums && { ChecksumCRC32: checksum(crc), ChecksumType: 'FULL_OBJECT' as const }),
          ...(!replaces && { IfNoneMatch: '*' }),
        }),
        options,
      ),
    );
    if (answer.ChecksumType === 'FULL_OBJECT') this.#compare(key, answer.ChecksumCRC32, checksum(crc));
  }

  /** Leaves nothing of an upload. @param signal ends it @throws NoUpload, Failure */
  async abort({ key, id }: UploadId, signal: AbortSignal): Promise<void> {
    await this.#ask({ key, signal, isLast: true }, (s3, options) =>
      s3.client.send(
        new s3.library.AbortMultipartUploadCommand({ Bucket: this.place.bucket, Key: key, UploadId: id }),
        options,
      ),
    );
  }

  /** Uploads to this key that are neither complete nor aborted. @throws Failure */
  async uploads(key: string): Promise<UploadId[]> {
    const { Uploads: uploads = [] } = await this.#ask(
      { key, signal: this.settings.signal, isLast: true },
      (s3, options) =>
        s3.client.send(
          new s3.library.ListMultipartUploadsCommand({ Bucket: this.place.bucket, Prefix: key }),
          options,
        ),
    );
    return uploads
      .filter(({ Key, UploadId }) => Key === key && UploadId !== undefined)
      .map(({ UploadId: id = '' }) => ({ key, id }));
  }

  /** An object, from an offset on. @param etag of the bytes before it @throws Missing, Taken when it has changed, Failure */
  async get(key: string, offset = 0, etag?: string): Promise<GetObjectCommandOutput> {
    return this.#ask({ key, signal: this.settings.signal, isLast: true }, (s3, options) =>
      s3.client.send(
        new s3.library.GetObjectCommand({
          ...{ Bucket: this.place.bucket, Key: key },
          ...(s3.hasChecksums && { ChecksumMode: 'ENABLED' as const }),
          ...(offset > 0 && { Range: `bytes=${offset}-` }),
          ...(etag !== undefined && { IfMatch: etag }),
        }),
        options,
      ),
    );
  }

  /** The Failure of an error that a request has met. */
  async failure(key: string, error: unknown): Promise<unknown> {
    const { settings } = await this.#load();
    return s3Failure(error, this.place, key, settings);
  }

  async #ask<Answer>(
    { key, signal, isLast = false }: Asked,
    send: (s3: Loaded, options: { readonly abortSignal: AbortSignal }) => Promise<Answer>,
  ): Promise<Answer> {
    const { waitMs, explain } = this.settings;
    const s3 = await this.#load();
    const attempt = async () => {
      try {
        return await send(s3, { abortSignal: signal });
      } catch (error) {
        signal.throwIfAborted();
        throw s3Failure(error, this.place, key, s3.settings);
      }
    };
    return retry(attempt, {
      ...{ timeoutMs: isLast ? 0 : waitMs, pause: backOff, signal, isTransient: isTemporary },
      onRetry: (error) => explain(`${error instanceof Error ? error.message : error}; trying again`),
    });
  }

  #load(): Promise<Loaded> {
    this.#loading ??= this.#open();
    return this.#loading;
  }

  async #open(): Promise<Loaded> {
    const { env, waitMs, signal } = this.settings;
    // Each request that is on its way listens to it.
    setMaxListeners(0, signal);
    const silenceMs = Math.min(Math.max(waitMs, LEAST_SILENCE_MS), MOST_SILENCE_MS);
    const settings = awsSettings('S3', { env, silenceMs });
    const library = await import('./library.ts');
    const client = new library.S3Client({ ...settings, followRegionRedirects: true });
    const { config } = client;
    // An endpoint may also come from a profile, which is read with the first request.
    Object.defineProperty(config, 'forcePathStyle', { get: () => config.isCustomEndpoint === true });
    const hasChecksums = (await config.requestChecksumCalculation()) === 'WHEN_SUPPORTED';
    return { library, client, settings, hasChecksums };
  }

  /** @throws Failure (I/O) when the server has other bytes than it was sent */
  #compare(key: string, theirs: string | undefined, ours: string): void {
    if (theirs === undefined || theirs === ours) return;
    const { bucket } = this.place;
    throw new Failure(
      status.io,
      `s3://${bucket}/${key}: was stored with another checksum than it was sent with`,
    );
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
