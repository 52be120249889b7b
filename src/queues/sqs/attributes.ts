/** Attributes of SQS queues. */

import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import { Failure, status } from '../../failure.ts';
import type { QueueStat } from '../queue.ts';
import type { SqsClient } from './client.ts';
import { MAX_BYTES } from './message.ts';

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

const DEFAULT_VISIBILITY_S = 30;
/** Upper limit of the lease, which is extended anyway: the longest wait for the messages of a killed taker. */
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

/** Like `attributesOf`; empty without the permission to read attributes. */
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

/** The visibility timeout in seconds. */
export async function visibilityOf(client: SqsClient): Promise<number> {
  const { VisibilityTimeout } = await allowedAttributesOf(client, ['VisibilityTimeout']);
  return Math.min(Number(VisibilityTimeout ?? 0) || DEFAULT_VISIBILITY_S, LONGEST_VISIBILITY_S);
}

/** Maximum size of a message in bytes. */
export async function mostBytesOf(client: SqsClient): Promise<number> {
  const { MaximumMessageSize } = await allowedAttributesOf(client, ['MaximumMessageSize']);
  return Math.min(Number(MaximumMessageSize ?? MAX_BYTES), MAX_BYTES);
}

/** Approximate numbers of ready, leased and delayed messages. */
export async function countsOf(client: SqsClient): Promise<Pick<QueueStat, 'ready' | 'leased' | 'delayed'>> {
  const found = await attributesOf(client, [...COUNTS]);
  const [ready = 0, leased = 0, delayed = 0] = COUNTS.map((name) => Number(client.ofSqs(found[name])));
  return { ready, leased, delayed };
}

/** The dead-letter queue of a redrive policy. */
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
