/**
 * The floor for lakes: the minimum with the S3 library, on $AWS_ENDPOINT_URL:
 *
 *   objects BUCKET    puts each line of stdin as an object, sequentially
 *   parts BUCKET      uploads stdin, which is a file, in parts of 8 MiB, four at once
 *   make BUCKET       creates the bucket
 *   clear BUCKET      removes all objects
 */

import { fstatSync, readFileSync, readSync } from 'node:fs';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

const PART = 1 << 23;
const AT_ONCE = 4;
const [, , what = '', Bucket = ''] = process.argv;
const s3 = new S3Client({ forcePathStyle: true });

async function putObjects() {
  const lines = readFileSync(0, 'utf8').split('\n').slice(0, -1);
  for (const [at, line] of lines.entries())
    await s3.send(new PutObjectCommand({ Bucket, Key: `bare/${at}`, Body: `${line}\n` }));
}

async function putParts() {
  const target = { Bucket, Key: 'bare' };
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'CRC32' }),
  );
  const upload = { ...target, UploadId };
  const { size } = fstatSync(0);
  /** @type {object[]} */
  const Parts = [];
  const work = async () => {
    const buffer = Buffer.alloc(PART);
    while (Parts.length * PART < size) {
      const at = Parts.length;
      const PartNumber = at + 1;
      Parts.push({});
      const Body = buffer.subarray(0, readSync(0, buffer, 0, PART, at * PART));
      const { ETag, ChecksumCRC32 } = await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
      Parts[at] = { PartNumber, ETag, ChecksumCRC32 };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
}

async function clear() {
  for (;;) {
    const { Contents: objects = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    if (objects.length === 0) return;
    const Objects = objects.map(({ Key }) => ({ Key }));
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
}

const works = {
  objects: putObjects,
  parts: putParts,
  clear,
  make: () => s3.send(new CreateBucketCommand({ Bucket })),
};
await works[/** @type {keyof typeof works} */ (what)]();
