/** What SQS knows about a queue. */

import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import { Failure, status } from '../../failure.ts';
import type { QueueStat } from '../queue.ts';
import type { SqsClient } from './client.ts';
import { MOST_BYTES } from './message.ts';

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

const DEFAULT_VISIBILITY_S = 30;
/** It is made longer all the same, and the messages of a killed taker come again within this time. */
const LONGEST_VISIBILITY_S = 3600;

type Attributes = Readonly<Record<string, string>>;

/** @throws Failure */
export async function attributesOf(
  client: SqsClient,
  AttributeNames: QueueAttributeName[],
): Promise<Attributes> {
  const { signal } = client.settings;
  const { Attributes = {} } = await client.askQueue(
    (sqs, QueueUrl, options) => sqs.getQueueAttributes({ QueueUrl, AttributeNames }, options),
    { signal },
  );
  return Attributes;
}

/** As `attributesOf`; empty for who may use the queue, and not look at it. */
async function allowedAttributesOf(client: SqsClient, names: QueueAttributeName[]): Promise<Attributes> {
  try {
    return await attributesOf(client, names);
  } catch (error) {
    const isDenied =
      error instanceof Failure && error.cause instanceof Error && /AccessDenied/.test(error.cause.name);
    if (!isDenied) throw error;
    return {};
  }
}

/** How long a message that was received is out without a word from its taker, in seconds. */
export async function visibilityOf(client: SqsClient): Promise<number> {
  const { VisibilityTimeout } = await allowedAttributesOf(client, ['VisibilityTimeout']);
  return Math.min(Number(VisibilityTimeout ?? 0) || DEFAULT_VISIBILITY_S, LONGEST_VISIBILITY_S);
}

/** The most bytes of a message. */
export async function mostBytesOf(client: SqsClient): Promise<number> {
  const { MaximumMessageSize } = await allowedAttributesOf(client, ['MaximumMessageSize']);
  return Math.min(Number(MaximumMessageSize ?? MOST_BYTES), MOST_BYTES);
}

/** Messages that are ready, out and delayed, about. */
export async function countsOf(client: SqsClient): Promise<Pick<QueueStat, 'ready' | 'leased' | 'delayed'>> {
  const found = await attributesOf(client, [...COUNTS]);
  const [ready = 0, leased = 0, delayed = 0] = COUNTS.map((name) => Number(client.ofSqs(found[name])));
  return { ready, leased, delayed };
}

/** The queue that takes what was received too often. */
interface Redrive {
  readonly owner: string;
  readonly name: string;
}

/** @returns undefined for none */
export async function redriveOf(client: SqsClient): Promise<Redrive | undefined> {
  const { RedrivePolicy } = await attributesOf(client, ['RedrivePolicy']);
  if (!RedrivePolicy) return undefined;
  const [owner, name] = targetOf(RedrivePolicy).split(':').slice(-2);
  if (!owner || !name)
    throw new Failure(status.unavailable, `${client.address.shown}: its redrive policy names no queue`);
  return { owner, name };
}

/** The ARN in a redrive policy; empty when there is none. */
function targetOf(policy: string): string {
  try {
    const { deadLetterTargetArn } = JSON.parse(policy);
    return typeof deadLetterTargetArn === 'string' ? deadLetterTargetArn : '';
  } catch {
    return '';
  }
}
