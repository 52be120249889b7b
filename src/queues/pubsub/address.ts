/** `pubsub://PROJECT/TOPIC`, and the names derived from it. */

import { malformed, parseAddress } from '../../addresses/parse.ts';
import { Failure, status } from '../../failure.ts';
import { quote } from '../../lines/line.ts';

export interface TopicAddress {
  /** As given, for messages. */
  readonly shown: string;
  readonly project: string;
  readonly topic: string;
}

const PROJECT = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
/** Names of topics and subscriptions. */
const NAME = /^(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254}$/;
const FULL_SUBSCRIPTION = /^projects\/[^/]+\/subscriptions\/[^/]+$/;

/** @throws Failure (usage) */
export function topicAddress(text: string): TopicAddress {
  const address = parseAddress(text);
  const [, project = '', topic = ''] = /^\/\/([^/?#]*)\/([^/?#]*)$/.exec(address.rest) ?? [];
  if (PROJECT.test(project) && NAME.test(topic)) return { shown: address.shown, project, topic };
  throw malformed(address, 'pubsub://PROJECT/TOPIC');
}

export function topicName({ project, topic }: Pick<TopicAddress, 'project' | 'topic'>): string {
  return `projects/${project}/topics/${topic}`;
}

/**
 * The subscription of a group. It includes the topic's name, because a group may take from several topics of a project.
 * A group can also be the full name of a subscription, as gcloud prints it.
 *
 * @throws Failure (usage)
 */
export function subscriptionName({ shown, project, topic }: TopicAddress, group: string): string {
  if (FULL_SUBSCRIPTION.test(group)) return group;
  const name = `${topic}-${group}`;
  if (NAME.test(name)) return `projects/${project}/subscriptions/${name}`;
  throw new Failure(
    status.usage,
    `${shown}: not the name of a group: ${quote(group)} (write letters, digits and -, or projects/P/subscriptions/S)`,
  );
}

/** The last part of the full name of a topic or subscription. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
