/** A real S3 server for the tests of a file: buckets are folders, objects are files. */

import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll } from 'vitest';
import { hasServer, server } from '../servers.ts';

// As in the bundle: here the library runs outside it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

export interface S3Server {
  /** The environment for programs that use it. */
  env(): Record<string, string>;
  /** Its URL, without the credentials. */
  endpoint(): string;
  /** An empty bucket. */
  newBucket(): Bucket;
  /** As `kill -9` would stop it. */
  crash(): Promise<void>;
  start(): Promise<void>;
}

export interface Bucket {
  readonly name: string;
  readonly folder: string;
  /** The names of its objects, including unfinished ones. */
  names(): string[];
  /** The keys of uploads that are neither complete nor aborted. */
  uploads(): Promise<(string | undefined)[]>;
}

/** Whether an S3 server is installed; in CI it must be. */
export function hasS3(): boolean {
  return hasServer('versitygw');
}

/** An S3 server for the duration of the test file. */
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
