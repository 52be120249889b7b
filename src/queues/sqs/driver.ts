/** SQS queues: open, make and drop. */

import { Failure, status } from '../../failure.ts';
import type { Ability } from '../abilities.ts';
import type { QueueDriver, QueueSettings, Shape } from '../driver.ts';
import { deadNameOf, parseSqsAddress } from './address.ts';
import { attributesOf, countsOf, redriveOf } from './attributes.ts';
import { isMissing, SqsClient } from './client.ts';
import { openSqs } from './queue.ts';

const FIFO: ReadonlySet<Ability> = new Set(['keys', 'ids', 'counts', 'stats']);
const STANDARD: ReadonlySet<Ability> = new Set(['unkeyed', 'delay', 'counts', 'stats']);

/** SQS's limits of message retention, in seconds. */
const LONGEST_KEEP_S = 14 * 86_400;
const SHORTEST_KEEP_S = 60;
/** The maximum: SQS counts every delivery, even of untried messages, so queue-take decides which ones are dead. */
const MAX_RECEIPTS = 1000;

const driver: QueueDriver = {
  abilities: (address) => (parseSqsAddress(address).isFifo ? FIFO : STANDARD),
  open: openSqs,
  make,
  drop,
};
export default driver;

/** Makes a dead-letter queue, too. */
async function make(address: string, shape: Shape, settings: QueueSettings): Promise<void> {
  const parsed = parseSqsAddress(address);
  const keep = String(keepOf(parsed.shown, shape));
  await withClient(address, settings, async (client) => {
    const found = await unlessMissing(attributesOf(client, ['MessageRetentionPeriod']));
    if (found !== undefined) {
      const { MessageRetentionPeriod: kept } = found;
      // Not all servers report it.
      if (shape.keep === undefined || kept === undefined || kept === keep) return;
      throw new Failure(status.data, `${parsed.shown}: has another shape: keep ${Number(kept) * 1000} ms`);
    }
    const fifo = parsed.isFifo ? { FifoQueue: 'true' } : {};
    const deadUrl = await create(client, deadNameOf(parsed), {
      ...fifo,
      MessageRetentionPeriod: String(LONGEST_KEEP_S),
    });
    const { QueueArn: deadLetterTargetArn } = await arnOf(client, deadUrl);
    await create(client, parsed.name, {
      ...fifo,
      MessageRetentionPeriod: keep,
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: MAX_RECEIPTS }),
    });
  });
}

/** @throws Failure (usage) for a shape that SQS does not support */
function keepOf(shown: string, { partitions, replication, keep, maxBytes }: Shape): number {
  const other = Object.entries({ partitions, replication, 'max-bytes': maxBytes }).find(
    ([, value]) => value !== undefined,
  );
  if (other !== undefined) throw new Failure(status.usage, `${shown}: an SQS queue has no --${other[0]}`);
  if (keep === undefined) return LONGEST_KEEP_S;
  const seconds = 'ms' in keep ? keep.ms / 1000 : Number.NaN;
  if (seconds >= SHORTEST_KEEP_S && seconds <= LONGEST_KEEP_S) return Math.ceil(seconds);
  throw new Failure(status.usage, `${shown}: SQS keeps messages for 1m to 14d`);
}

async function create(
  client: SqsClient,
  QueueName: string,
  Attributes: Record<string, string>,
): Promise<string> {
  const { QueueUrl } = await client.ask((sqs, options) =>
    sqs.createQueue({ QueueName, Attributes }, options),
  );
  return client.ofSqs(QueueUrl);
}

async function arnOf(client: SqsClient, QueueUrl: string) {
  const { Attributes = {} } = await client.ask((sqs, options) =>
    sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] }, options),
  );
  return { QueueArn: Attributes.QueueArn };
}

/** Drops its dead-letter queue, too, if it was made with it. */
async function drop(address: string, settings: QueueSettings): Promise<boolean> {
  return withClient(address, settings, async (client) => {
    const counts = await unlessMissing(countsOf(client));
    if (counts === undefined) return false;
    if (counts.leased > 0) throw new Failure(status.temporary, `${client.address.shown}: in use`);
    const redrive = await redriveOf(client);
    await remove(client, await client.url());
    if (redrive?.name === deadNameOf(client.address)) {
      const deadUrl = await unlessMissing(client.urlOf(redrive.name, redrive.owner));
      if (deadUrl !== undefined) await remove(client, deadUrl);
    }
    return true;
  });
}

async function remove(client: SqsClient, QueueUrl: string): Promise<void> {
  await client.ask((sqs, options) => sqs.deleteQueue({ QueueUrl }, options));
}

async function withClient<Result>(
  address: string,
  settings: QueueSettings,
  work: (client: SqsClient) => Promise<Result>,
): Promise<Result> {
  const client = new SqsClient(parseSqsAddress(address), settings);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function unlessMissing<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
