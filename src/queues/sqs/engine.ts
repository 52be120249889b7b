/** Receives, extends, releases and deletes SQS messages. */

import { randomUUID } from 'node:crypto';
import { elapsedMs } from '../../async/clock.ts';
import type { Engine, Leased, Lost, Received } from '../leased/engine.ts';
import { countsOf, visibilityOf } from './attributes.ts';
import { LONGEST_POLL_S, type SqsClient } from './client.ts';
import type { DeadLetters } from './dead-letters.ts';
import { MAX_ENTRIES, REQUESTS_AT_ONCE, sendMany } from './entries.ts';
import { fromSqs } from './message.ts';

export async function sqsEngine(client: SqsClient, dead: DeadLetters): Promise<Engine> {
  const { settings, address } = client;
  const visibilitySeconds = await visibilityOf(client);
  const change = (messages: readonly Leased[], VisibilityTimeout: number, waitMs: number) =>
    sendMany(client, messages, {
      waitMs,
      send(sqs, QueueUrl, some, options) {
        const Entries = some.map(({ receipt: ReceiptHandle }, at) => ({
          ...{ Id: String(at), ReceiptHandle, VisibilityTimeout },
        }));
        return sqs.changeMessageVisibilityBatch({ QueueUrl, Entries }, options);
      },
    });
  const leaseMs = visibilitySeconds * 1000;
  return {
    ...{ shown: address.shown, settings, leaseMs, hasOrder: address.isFifo },
    ...{ mostReceived: MAX_ENTRIES, requestsAtOnce: REQUESTS_AT_ONCE },
    receive: (count, waitMs, signal) => receive(client, { count, waitMs, visibilitySeconds, signal }),
    extend: (messages) => change(messages, visibilitySeconds, Math.min(settings.waitMs, leaseMs / 4)),
    async release(messages) {
      await change(messages, 0, 0);
    },
    acknowledge: (messages) => acknowledge(client, messages),
    putDead: (message, reason, group) => dead.put(message, reason, group),
    async isEmpty() {
      const { ready, leased, delayed } = await countsOf(client);
      return ready + leased + delayed === 0;
    },
  };
}

interface Wanted {
  readonly count: number;
  readonly waitMs: number;
  readonly visibilitySeconds: number;
  readonly signal: AbortSignal;
}

async function receive(
  client: SqsClient,
  { count, waitMs, visibilitySeconds, signal }: Wanted,
): Promise<Received> {
  const WaitTimeSeconds = Math.min(Math.ceil(waitMs / 1000), LONGEST_POLL_S);
  const wanted = {
    ...{ MaxNumberOfMessages: count, WaitTimeSeconds, VisibilityTimeout: visibilitySeconds },
    MessageSystemAttributeNames: ['SentTimestamp' as const, 'MessageGroupId' as const],
    MessageAttributeNames: ['All'],
    // On a retry after a lost response, SQS returns the same messages.
    ...(client.address.isFifo && { ReceiveRequestAttemptId: randomUUID() }),
  };
  let since = 0;
  const { Messages = [] } = await client.askQueue(
    (sqs, QueueUrl, options) => {
      since = elapsedMs();
      return sqs.receiveMessage({ QueueUrl, ...wanted }, options);
    },
    { pollMs: WaitTimeSeconds * 1000, signal },
  );
  // The visibility timeout starts when SQS sends the response, not when a long poll begins.
  return { messages: Messages.map(fromSqs), since: WaitTimeSeconds === 0 ? since : elapsedMs() };
}

function acknowledge(client: SqsClient, messages: readonly Leased[]): Promise<Lost[]> {
  return sendMany(client, messages, {
    send(sqs, QueueUrl, some, options) {
      const Entries = some.map(({ receipt }, at) => ({ Id: String(at), ReceiptHandle: receipt }));
      return sqs.deleteMessageBatch({ QueueUrl, Entries }, options);
    },
  });
}
