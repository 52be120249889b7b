import { expect, it } from 'vitest';
import { subscriptionName, topicAddress, topicName } from '../../../src/queues/pubsub/address.ts';

const logs = topicAddress('pubsub://my-project/logs');

it('names the topic', () => {
  expect(topicName(logs)).toBe('projects/my-project/topics/logs');
  expect(topicName(topicAddress('PubSub://my-project/a.b_c~d%20'))).toBe(
    'projects/my-project/topics/a.b_c~d%20',
  );
});

it.each([
  ...['pubsub:logs', 'pubsub://logs', 'pubsub://my-project/', 'pubsub://my-project/logs/x', 'pubsub:///logs'],
  ...['pubsub://my-project/goog-logs', 'pubsub://my-project/lo', 'pubsub://my-project/1logs'],
  ...['pubsub://My-Project/logs', 'pubsub://my-project/logs?x=1', 'pubsub://my-project/logs#dead'],
])('does not take %s', (address) => {
  expect(() => topicAddress(address)).toThrow('(write pubsub://PROJECT/TOPIC)');
});

it('names the subscription of a group by topic and group; one of another name is named in full', () => {
  expect(subscriptionName(logs, 'chart')).toBe('projects/my-project/subscriptions/logs-chart');
  const other = 'projects/other-project/subscriptions/chart-sub';
  expect(subscriptionName(logs, other)).toBe(other);
  expect(() => subscriptionName(logs, 'a/b')).toThrow('not the name of a group: "a/b"');
});
