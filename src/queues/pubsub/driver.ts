/** Pub/Sub queues: open, make and drop. */

import { Failure, status } from '../../failure.ts';
import type { Ability } from '../abilities.ts';
import type { QueueDriver, QueueSettings, Shape } from '../driver.ts';
import { type TopicAddress, topicAddress, topicName } from './address.ts';
import { Connection } from './connection.ts';
import { codes, isRefusal } from './failures.ts';
import { openPubsub } from './queue.ts';
import type { Call, Request } from './service.ts';
import { deadLetterPolicyOf, deadOf, subscriptionOf } from './subscription.ts';

const abilities: ReadonlySet<Ability> = new Set(['groups', 'keys', 'unkeyed', 'bytes']);

const TEN_MINUTES = 600_000;
const MONTH = 31 * 86_400_000;

const driver: QueueDriver = {
  abilities(address) {
    topicAddress(address);
    return abilities;
  },
  open: openPubsub,
  make,
  drop,
};
export default driver;

/** Makes a topic with a subscription for the default group, and the same for its dead letters. */
async function make(text: string, shape: Shape, settings: QueueSettings): Promise<void> {
  const address = topicAddress(text);
  const dead = deadOf(address);
  const keepMs = keepOf(address, shape);
  const connection = new Connection(address, settings);
  try {
    await create(connection, 'Publisher/CreateTopic', { name: topicName(dead) });
    await create(connection, 'Subscriber/CreateSubscription', subscriptionOf(dead));
    const retention = keepMs === undefined ? {} : { messageRetentionDuration: { seconds: keepMs / 1000 } };
    await create(connection, 'Publisher/CreateTopic', { name: topicName(address), ...retention });
    await create(connection, 'Subscriber/CreateSubscription', {
      ...subscriptionOf(address),
      deadLetterPolicy: deadLetterPolicyOf(address),
    });
    if (keepMs === undefined) return;
    const found = await connection.ask('Publisher/GetTopic', { topic: topicName(address) });
    const foundMs = Number(found.messageRetentionDuration?.seconds ?? 0) * 1000;
    if (foundMs !== keepMs)
      throw new Failure(status.data, `${address.shown}: has another shape: keep ${foundMs} ms`);
  } finally {
    await connection.close();
  }
}

/** Leaves an existing one as it is. */
async function create<Name extends Call>(
  connection: Connection,
  name: Name,
  request: Request<Name>,
): Promise<void> {
  try {
    await connection.ask(name, request);
  } catch (error) {
    if (!isRefusal(error, codes.alreadyExists)) throw error;
  }
}

/** @throws Failure (usage) for a shape that topics cannot have */
function keepOf(
  { shown }: TopicAddress,
  { partitions, replication, keep, maxBytes }: Shape,
): number | undefined {
  const usage = (why: string) => new Failure(status.usage, `${shown}: ${why}`);
  if (partitions !== undefined) throw usage('a topic has no partitions');
  if (replication !== undefined) throw usage('a topic has no number of replicas');
  if (maxBytes !== undefined) throw usage('a topic has no maximum of bytes');
  if (keep === undefined) return undefined;
  if (!('ms' in keep) || keep.ms < TEN_MINUTES || keep.ms > MONTH)
    throw usage('a topic keeps messages for 10m to 31d (--keep)');
  return keep.ms;
}

/** Drops all subscriptions, and the dead letters with theirs. */
async function drop(text: string, settings: QueueSettings): Promise<boolean> {
  const address = topicAddress(text);
  const connection = new Connection(address, settings);
  try {
    const wasThere = await dropTopic(connection, topicName(address));
    await dropTopic(connection, topicName(deadOf(address)));
    return wasThere;
  } finally {
    await connection.close();
  }
}

async function dropTopic(connection: Connection, topic: string): Promise<boolean> {
  try {
    let pageToken: string | null | undefined;
    do {
      const page = await connection.ask('Publisher/ListTopicSubscriptions', {
        topic,
        pageToken: pageToken ?? '',
      });
      for (const subscription of page.subscriptions ?? [])
        await connection.ask('Subscriber/DeleteSubscription', { subscription });
      pageToken = page.nextPageToken;
    } while (pageToken);
    await connection.ask('Publisher/DeleteTopic', { topic });
    return true;
  } catch (error) {
    if (isRefusal(error, codes.notFound)) return false;
    throw error;
  }
}
