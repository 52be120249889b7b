/** Reads settings of a topic. */

import type { Cluster } from './cluster.ts';
import { kafkaFailure } from './failure.ts';

/** Kafka's resource type for topics. */
const TOPIC = 2 as const;

/** @returns undefined when it may not be read, or the broker does not answer */
export async function topicSetting(
  cluster: Cluster,
  topic: string,
  name: string,
): Promise<string | undefined> {
  const admin = await cluster.admin();
  const wanted = { resourceType: TOPIC, resourceName: topic, configurationKeys: [name] };
  const found = await admin.describeConfigs({ resources: [wanted] }).catch((error: unknown) => {
    kafkaFailure(cluster.shown, error);
    return [];
  });
  return found[0]?.configs[0]?.value ?? undefined;
}
