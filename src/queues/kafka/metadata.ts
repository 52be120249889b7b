/** Topic metadata from the brokers. */

import type { Broker } from '@platformatic/kafka';
import { code, errorsOf } from './failure.ts';

export interface Partition {
  /** Undefined while there is no leader. */
  readonly leader: Broker | undefined;
  readonly replicas: number;
  readonly inSync: number;
}

export interface Topic {
  readonly name: string;
  readonly id: string;
  readonly partitions: readonly Partition[];
}

interface Answer {
  readonly brokers: readonly (Broker & { readonly nodeId: number })[];
  readonly topics: readonly {
    readonly name: string;
    readonly topicId: string;
    readonly errorCode: number;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly leaderId: number;
      readonly replicaNodes: readonly number[];
      readonly isrNodes: readonly number[];
    }[];
  }[];
}

/** The topic in a response that the library rejects because partitions have no leader. Undefined for other errors. */
export function topicInError(error: unknown, name: string): Topic | undefined {
  const answer = errorsOf(error)
    .map((each) => (each as { response?: Answer }).response)
    .find((each) => each?.topics !== undefined);
  const topic = answer?.topics.find((each) => each.name === name && each.errorCode === code.none);
  if (answer === undefined || topic === undefined) return undefined;
  const brokers = new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
  return {
    ...{ name, id: topic.topicId },
    partitions: topic.partitions
      .toSorted((one, other) => one.partitionIndex - other.partitionIndex)
      .map(({ leaderId, replicaNodes, isrNodes }) => ({
        ...{ leader: brokers.get(leaderId), replicas: replicaNodes.length, inSync: isrNodes.length },
      })),
  };
}
