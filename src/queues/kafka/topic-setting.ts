/** What a topic is set to. */

import type { Cluster } from './cluster.ts';
import { kafkaFailure } from './failure.ts';

/** Of what a configuration is. */
const TOPIC = 2 as const;

/** @returns undefined where it may not be read, or cannot be for now */
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
