/** A subscription as `queue-make` makes it, and the command that makes one for another group. */

import { shortName, subscriptionName, type TopicAddress, topicName } from './address.ts';

/** What a taker may be suspended for, and what a message of a taker that was killed waits for. */
const LEASE_SECONDS = 60;
/** The most that there is: only what kills its taker again and again is put aside by Pub/Sub itself. */
const DELIVERIES = 100;

/** The topic of the dead letters of a topic. */
export function deadOf(address: TopicAddress): TopicAddress {
  return { ...address, topic: `${address.topic}-dead` };
}

/** Of the default group. It does not end when nobody takes from it for a month. */
export function subscriptionOf(address: TopicAddress) {
  return {
    name: subscriptionName(address, 'default'),
    topic: topicName(address),
    ackDeadlineSeconds: LEASE_SECONDS,
    enableMessageOrdering: true,
    expirationPolicy: {},
  };
}

/** Where messages go that the takers of a subscription cannot use. */
export function deadLetterPolicyOf(address: TopicAddress) {
  return { deadLetterTopic: topicName(deadOf(address)), maxDeliveryAttempts: DELIVERIES };
}

/** Makes the same for a group. */
export function gcloudCommand(address: TopicAddress, group: string): string {
  const { project, topic } = address;
  return [
    `gcloud pubsub subscriptions create ${shortName(subscriptionName(address, group))}`,
    `--project=${project} --topic=${topic} --enable-message-ordering --expiration-period=never`,
    `--ack-deadline=${LEASE_SECONDS} --dead-letter-topic=${deadOf(address).topic}`,
    `--max-delivery-attempts=${DELIVERIES}`,
  ].join(' ');
}
