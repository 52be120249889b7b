/** A real S3 server for the tests of a file: a bucket is a folder, an object a file. */

import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll } from 'vitest';
import { hasServer, server } from '../servers.ts';

// Of the library outside of its bundle.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

export interface S3Server {
  /** What leads to it. */
  env(): Record<string, string>;
  /** Its URL, without the key. */
  endpoint(): string;
  /** An empty bucket. */
  newBucket(): Bucket;
  /** As `kill -9` would end it. */
  crash(): Promise<void>;
  start(): Promise<void>;
}

export interface Bucket {
  readonly name: string;
  readonly folder: string;
  /** The names of its objects, and of all that is unfinished. */
  names(): string[];
  /** The keys of uploads that are neither complete nor aborted. */
  uploads(): Promise<(string | undefined)[]>;
}

/** Whether there is one; in CI there must be. */
export function hasS3(): boolean {
  return hasServer('versitygw');
}

/** Runs while the tests of this file do. */
export function s3Server(): S3Server {
  const root = mkdtempSync(join(tmpdir(), 'etlutils-s3-'));
  const { address, tell } = server('versitygw', root);
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  let buckets = 0;
  const endpoint = () => new URL(address()).origin;
  return {
    endpoint,
    env() {
      const { username, password } = new URL(address());
      return {
        ...{ AWS_ACCESS_KEY_ID: username, AWS_SECRET_ACCESS_KEY: password },
        AWS_ENDPOINT_URL: endpoint(),
      };
    },
    newBucket() {
      const name = `bucket-${buckets++}`;
      const folder = join(root, name);
      mkdirSync(folder);
      return { name, folder, names: () => filesIn(folder), uploads: () => uploadsTo(address(), name) };
    },
    async crash() {
      await tell('crash');
    },
    async start() {
      await tell('start');
    },
  };
}

async function uploadsTo(address: string, bucket: string): Promise<(string | undefined)[]> {
  const { origin, username, password } = new URL(address);
  const credentials = { accessKeyId: username, secretAccessKey: password };
  const client = new S3Client({ endpoint: origin, region: 'us-east-1', forcePathStyle: true, credentials });
  const { Uploads: uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  return uploads.map(({ Key }) => Key);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
}
