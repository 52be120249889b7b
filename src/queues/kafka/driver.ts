/** Kafka topics: open, make, drop and list. */

import { Failure, status } from '../../failure.ts';
import { type Ability, allAbilities } from '../abilities.ts';
import type { QueueDriver, QueueSettings, Shape } from '../driver.ts';
import { parseKafkaAddress } from './address.ts';
import { Cluster, MissingTopic, type Topic } from './cluster.ts';
import { code, codeOf } from './failure.ts';
import { deadOf, isDead, openTopic } from './queue.ts';
import { topicSetting } from './topic-setting.ts';
import { groupUsing } from './users.ts';

/** Kafka has no deduplication by id, no delayed delivery, and batches known only to their taker. */
const lacking: readonly Ability[] = ['ids', 'delay', 'batches', 'leases'];
const abilities = new Set([...allAbilities].filter((ability) => !lacking.includes(ability)));

const driver: QueueDriver = {
  abilities(address) {
    parseKafkaAddress(address);
    return abilities;
  },
  open: openTopic,
  make,
  drop,
  list,
  hasReplicas: true,
};
export default driver;

/** All topics of a cluster, except dead-letter topics, which are counted with their topic. */
async function list(address: string, settings: QueueSettings): Promise<string[] | undefined> {
  const { topic, withTopic } = parseKafkaAddress(address);
  if (topic !== '') return undefined;
  return withCluster(address, settings, async (cluster) => {
    const names = await cluster.persist(async () => (await cluster.admin()).listTopics());
    const dead = new Set(names.filter((name) => !isDead(name)).map(deadOf));
    return names
      .filter((name) => !dead.has(name))
      .sort()
      .map(withTopic);
  });
}

async function make(address: string, shape: Shape, settings: QueueSettings): Promise<void> {
  const { partitions, replication, keep, maxBytes } = shape;
  const parsed = parseKafkaAddress(address);
  const { topic: name, shown } = parsed;
  if (name === '') throw new Failure(status.usage, `${shown}: no topic`);
  if (maxBytes !== undefined)
    throw new Failure(status.usage, `${shown}: Kafka has no --max-bytes (see --keep)`);
  await withCluster(address, settings, async (cluster) => {
    const admin = await cluster.admin();
    const create = async (
      topic: string,
      configs: { name: string; value: string }[],
      count: number | undefined,
    ) => {
      await admin
        .createTopics({
          ...{ topics: [topic], configs },
          ...(count !== undefined && { partitions: count }),
          ...(replication !== undefined && { replicas: replication }),
        })
        .catch((error: unknown) => {
          if (codeOf(error) !== code.topicExists) throw error;
        });
      return cluster.persist(() => known(cluster, topic));
    };
    const configs = keep === undefined ? [] : [configOf(keep)];
    const made = await cluster.persist(() => create(name, configs, partitions));
    checkShape(shown, shape, made);
    for (const { name: setting, value } of configs) {
      const found = await topicSetting(cluster, name, setting);
      if ((found ?? value) !== value)
        throw new Failure(status.data, `${shown}: has another shape: ${setting} is ${found}`);
    }
    if (!isDead(name))
      // Dead letters are kept until somebody looks at them.
      await cluster.persist(() =>
        create(deadOf(name), [{ name: 'retention.ms', value: '-1' }], made.partitions.length),
      );
  });
}

/** Retries: a new topic is not known to all brokers at once. */
async function known(cluster: Cluster, topic: string): Promise<Topic> {
  try {
    return await cluster.topic(topic, true);
  } catch (error) {
    if (!(error instanceof MissingTopic)) throw error;
    throw new Failure(status.temporary, error.message, { cause: error });
  }
}

/** @throws Failure (data) */
function checkShape(shown: string, { partitions, replication }: Shape, found: Topic): void {
  const [count, replicas] = [found.partitions.length, found.partitions[0]?.replicas ?? 0];
  if ((partitions ?? count) !== count || (replication ?? replicas) !== replicas)
    throw new Failure(
      status.data,
      `${shown}: has another shape: ${count} partitions, ${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`,
    );
}

function configOf(keep: NonNullable<Shape['keep']>): { name: string; value: string } {
  return 'ms' in keep
    ? { name: 'retention.ms', value: String(keep.ms) }
    : { name: 'retention.bytes', value: String(keep.bytes) };
}

/** Drops the topic and its dead letters. @throws Failure (temporary) while a group uses them */
async function drop(address: string, settings: QueueSettings): Promise<boolean> {
  return withCluster(address, settings, async (cluster) => {
    const { topic } = cluster.address;
    if (topic === '') throw new Failure(status.usage, `${cluster.shown}: no topic`);
    const admin = await cluster.admin();
    const remove = (name: string) =>
      cluster.persist(async () => {
        try {
          await admin.deleteTopics({ topics: [name] });
          return true;
        } catch (error) {
          if (codeOf(error) === code.unknownTopic) return false;
          throw error;
        }
      });
    const group = await cluster.persist(() => groupUsing(cluster, [topic, deadOf(topic)]));
    if (group !== undefined)
      throw new Failure(status.temporary, `${cluster.shown}: in use (by group ${group})`);
    const wasThere = await remove(topic);
    if (!isDead(topic)) await remove(deadOf(topic));
    return wasThere;
  });
}

async function withCluster<Result>(
  address: string,
  settings: QueueSettings,
  work: (cluster: Cluster) => Promise<Result>,
): Promise<Result> {
  const cluster = new Cluster(parseKafkaAddress(address), settings);
  try {
    return await work(cluster);
  } finally {
    await cluster.close();
  }
}
