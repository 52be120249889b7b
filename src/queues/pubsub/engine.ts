/** Pulls, extends, releases and acknowledges the messages of a subscription. */

import { elapsedMs } from '../../async/clock.ts';
import type { QueueSettings } from '../driver.ts';
import type { Engine, Leased, Lost, Received } from '../leased/engine.ts';
import type { Reason, StoredMessage } from '../queue.ts';
import type { Connection } from './connection.ts';
import { codes, isRefusal } from './failures.ts';
import { fromPubsub } from './message.ts';

/** Maximum long-poll time of a pull. */
const PULL_MS = 30_000;
/** Timeout of the liveness check. */
const ALIVE_MS = 5000;
const EXTEND_MS = 10_000;
/** Per response, and per request: ack ids must fit into 512 KiB. */
const MAX_MESSAGES = 1000;

interface Source {
  readonly shown: string;
  readonly settings: QueueSettings;
  readonly connection: Connection;
  readonly subscription: string;
  /** The ack deadline. */
  readonly leaseSeconds: number;
  putDead(message: StoredMessage, reason: Reason): Promise<void>;
}

export function pubsubEngine(source: Source): Engine {
  const { shown, settings, leaseSeconds, putDead } = source;
  return {
    ...{ shown, settings, leaseMs: leaseSeconds * 1000, hasOrder: true, putDead },
    ...{ mostReceived: MAX_MESSAGES, requestsAtOnce: 1 },
    receive: (count, _waitMs, signal) => receive(source, count, signal),
    async extend(messages) {
      await setAckDeadline(source, messages, leaseSeconds);
      return [];
    },
    release: (messages) => setAckDeadline(source, messages, 0),
    acknowledge: (messages) => acknowledge(source, messages),
    // Pub/Sub cannot tell.
    isEmpty: async () => true,
  };
}

async function receive(source: Source, maxMessages: number, signal: AbortSignal): Promise<Received> {
  const { connection, subscription } = source;
  const pull = async () => {
    try {
      const request = { subscription, maxMessages };
      return await connection.once('Subscriber/Pull', request, { timeoutMs: PULL_MS, signal });
    } catch (error) {
      if (!isRefusal(error, codes.deadlineExceeded)) throw error;
      return undefined;
    }
  };
  const answer = await connection.patiently(pull, signal);
  // An empty pull may mean no messages, or that the service is away.
  if (answer === undefined) await connection.patiently(() => assertAlive(source, signal), signal);
  const messages = (answer?.receivedMessages ?? []).map(
    ({ ackId, message }): Leased => ({ ...fromPubsub(message ?? {}), receipt: ackId ?? '' }),
  );
  return { messages, since: elapsedMs() };
}

/** Checks that the service responds; any response will do. @throws Refusal when it does not */
async function assertAlive({ connection, subscription }: Source, signal: AbortSignal): Promise<void> {
  const options = { timeoutMs: ALIVE_MS, signal };
  try {
    await connection.once('Subscriber/GetSubscription', { subscription }, options);
  } catch (error) {
    if (!isRefusal(error, codes.permissionDenied)) throw error;
  }
}

/** Sets the ack deadline, without retries. */
async function setAckDeadline(
  { connection, subscription, leaseSeconds }: Source,
  messages: readonly Leased[],
  ackDeadlineSeconds: number,
): Promise<void> {
  const timeoutMs = Math.min(EXTEND_MS, (leaseSeconds * 1000) / 3);
  for (const part of partsOf(messages)) {
    const request = { subscription, ackIds: idsOf(part), ackDeadlineSeconds };
    await connection.once('Subscriber/ModifyAckDeadline', request, { timeoutMs, signal: never });
  }
}

const never = new AbortController().signal;

async function acknowledge(
  { connection, subscription }: Source,
  messages: readonly Leased[],
): Promise<Lost[]> {
  const lost: Lost[] = [];
  for (const part of partsOf(messages))
    try {
      await connection.ask('Subscriber/Acknowledge', { subscription, ackIds: idsOf(part) });
    } catch (error) {
      // Only subscriptions with exactly-once delivery report lost messages.
      if (!isRefusal(error, codes.failedPrecondition, codes.invalidArgument)) throw error;
      lost.push(...part.map((item) => ({ item })));
    }
  return lost;
}

function idsOf(messages: readonly Leased[]): string[] {
  return messages.map(({ receipt }) => receipt);
}

/** Splits messages into requests. */
function* partsOf(messages: readonly Leased[]): Generator<readonly Leased[]> {
  for (let at = 0; at < messages.length; at += MAX_MESSAGES) yield messages.slice(at, at + MAX_MESSAGES);
}
