/** Active users of topics. */

import { decodeSubscription } from './assignment.ts';
import type { Cluster } from './cluster.ts';
import { codeOf } from './failure.ts';

const INACTIVE = ['EMPTY', 'DEAD'];

interface Described {
  readonly groups: readonly {
    readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer | null }[];
  }[];
}

/** A group with members subscribed to one of the topics; undefined when there is none. @throws errors of the library */
export async function groupUsing(cluster: Cluster, topics: readonly string[]): Promise<string | undefined> {
  const admin = await cluster.admin();
  for (const { id, state, protocolType } of (await admin.listGroups()).values()) {
    if (protocolType !== 'consumer' || INACTIVE.includes(state)) continue;
    const wanted = await topicsOf(cluster, id);
    if (topics.some((topic) => wanted.includes(topic))) return id;
  }
  return undefined;
}

async function topicsOf(cluster: Cluster, group: string): Promise<string[]> {
  const library = await cluster.library();
  try {
    const { groups } = await cluster.call<Described>(await cluster.coordinator(group), 'DescribeGroups', [
      [group],
      false,
    ]);
    const members = groups.flatMap((each) => each.members);
    return members.flatMap(
      ({ memberId, memberMetadata }) => decodeSubscription(memberId, memberMetadata, library).topics,
    );
  } catch (error) {
    // The group has ended, or uses Kafka 4's new consumer protocol.
    if (codeOf(error) === undefined) throw error;
    return [];
  }
}
