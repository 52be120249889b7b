/** The subscription that `queue-make` creates, and the gcloud command for another group. */

import { shortName, subscriptionName, type TopicAddress, topicName } from './address.ts';

/** The ack deadline: how long a taker may be suspended, and how long a killed taker's messages wait. */
const LEASE_SECONDS = 60;
/** Pub/Sub's maximum: its own dead lettering should only catch messages that kill their taker again and again. */
const DELIVERIES = 100;

/** The dead-letter topic of a topic. */
export function deadOf(address: TopicAddress): TopicAddress {
  return { ...address, topic: `${address.topic}-dead` };
}

/** The subscription of the default group. It never expires. */
export function subscriptionOf(address: TopicAddress) {
  return {
    name: subscriptionName(address, 'default'),
    topic: topicName(address),
    ackDeadlineSeconds: LEASE_SECONDS,
    enableMessageOrdering: true,
    expirationPolicy: {},
  };
}

/** Where Pub/Sub moves messages after too many deliveries. */
export function deadLetterPolicyOf(address: TopicAddress) {
  return { deadLetterTopic: topicName(deadOf(address)), maxDeliveryAttempts: DELIVERIES };
}

/** The command that creates the same for another group. */
export function gcloudCommand(address: TopicAddress, group: string): string {
  const { project, topic } = address;
  return [
    `gcloud pubsub subscriptions create ${shortName(subscriptionName(address, group))}`,
    `--project=${project} --topic=${topic} --enable-message-ordering --expiration-period=never`,
    `--ack-deadline=${LEASE_SECONDS} --dead-letter-topic=${deadOf(address).topic}`,
    `--max-delivery-attempts=${DELIVERIES}`,
  ].join(' ');
}
