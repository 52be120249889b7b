/** SQS servers for the tests of a file; each test has its own queues. */

import { randomUUID } from 'node:crypto';
import { makeQueue, openQueue } from '../../src/queues/open.ts';
import type { Queue } from '../../src/queues/queue.ts';
import { SQS } from '../../src/queues/sqs/library.ts';
import { type Server, server } from '../servers.ts';

// As in the bundle.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const { signal } = new AbortController();
const keys = { AWS_ACCESS_KEY_ID: 'etl', AWS_SECRET_ACCESS_KEY: 'secret-of-etl', AWS_REGION: 'us-east-1' };
const asItIs = { partitions: undefined, replication: undefined, keep: undefined, maxBytes: undefined };

export interface SqsServer extends Server {
  /** The environment for programs that use it. */
  env(): Record<string, string>;
  settings(waitMs?: number): Parameters<typeof openQueue>[1];
  /** The address of a new queue. @param end `.fifo`, or nothing */
  newQueue(end?: string): Promise<string>;
  /** AWS' own client. */
  sqs(): SQS;
}

/** @param name of its script @param words the script's arguments */
export function sqsServer(name = 'elasticmq', ...words: string[]): SqsServer {
  const own = server(name, ...words);
  const env = () => ({ ...keys, AWS_ENDPOINT_URL: own.address() });
  const settings = (waitMs = 10_000) => ({
    ...{ waitMs, signal, env: env(), now: () => Date.now() },
    warn() {},
    explain() {},
  });
  return {
    ...own,
    env,
    settings,
    async newQueue(end = '') {
      const address = `sqs://q${randomUUID()}${end}`;
      await makeQueue(address, asItIs, settings());
      return address;
    },
    sqs: () =>
      new SQS({
        ...{ endpoint: own.address(), region: keys.AWS_REGION },
        credentials: { accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY },
      }),
  };
}

/** Changes SQS attributes of a queue. */
export async function setAttributes(
  sqs: SQS,
  address: string,
  Attributes: Record<string, string>,
): Promise<void> {
  const { QueueUrl } = await sqs.getQueueUrl({ QueueName: nameOf(address) });
  await sqs.setQueueAttributes({ QueueUrl, Attributes });
}

export function nameOf(address: string): string {
  return address.slice('sqs://'.length);
}

/** Opens a queue for one piece of work. */
export async function withQueue<Result>(
  address: string,
  settings: Parameters<typeof openQueue>[1],
  work: (queue: Queue) => Promise<Result>,
): Promise<Result> {
  const queue = await openQueue(address, settings);
  try {
    return await work(queue);
  } finally {
    await queue.close();
  }
}
