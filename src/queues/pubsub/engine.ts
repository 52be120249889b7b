/** Messages of a subscription, as they are pulled, kept out, returned and acknowledged. */

import { elapsedMs } from '../../async/clock.ts';
import type { QueueSettings } from '../driver.ts';
import type { Engine, Leased, Lost, Received } from '../leased/engine.ts';
import type { Reason, StoredMessage } from '../queue.ts';
import type { Connection } from './connection.ts';
import { codes, isRefusal } from './failures.ts';
import { fromPubsub } from './message.ts';

/** Longest time a request waits for messages. */
const PULL_MS = 30_000;
/** How long a sign of life may take. */
const PROOF_MS = 5000;
const EXTEND_MS = 10_000;
/** Of an answer; and names of messages in a request, which may have 512 KiB. */
const MOST_MESSAGES = 1000;

interface Source {
  readonly shown: string;
  readonly settings: QueueSettings;
  readonly connection: Connection;
  readonly subscription: string;
  /** How long a message is out before it comes again, unless that is made longer. */
  readonly leaseSeconds: number;
  putDead(message: StoredMessage, reason: Reason): Promise<void>;
}

export function pubsubEngine(source: Source): Engine {
  const { shown, settings, leaseSeconds, putDead } = source;
  return {
    ...{ shown, settings, leaseMs: leaseSeconds * 1000, hasOrder: true, putDead },
    ...{ mostReceived: MOST_MESSAGES, requestsAtOnce: 1 },
    receive: (count, _waitMs, signal) => receive(source, count, signal),
    async extend(messages) {
      await setTime(source, messages, leaseSeconds);
      return [];
    },
    release: (messages) => setTime(source, messages, 0),
    acknowledge: (messages) => acknowledge(source, messages),
    // It cannot be told.
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
  // It may have had nothing to send, or be away.
  if (answer === undefined) await connection.patiently(() => prove(source, signal), signal);
  const messages = (answer?.receivedMessages ?? []).map(
    ({ ackId, message }): Leased => ({ ...fromPubsub(message ?? {}), receipt: ackId ?? '' }),
  );
  return { messages, since: elapsedMs() };
}

/** Any answer is a sign of life. @throws Refusal when there is none */
async function prove({ connection, subscription }: Source, signal: AbortSignal): Promise<void> {
  const options = { timeoutMs: PROOF_MS, signal };
  try {
    await connection.once('Subscriber/GetSubscription', { subscription }, options);
  } catch (error) {
    if (!isRefusal(error, codes.permissionDenied)) throw error;
  }
}

/** One try. */
async function setTime(
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
      // A subscription that delivers exactly once says so, of some of them.
      if (!isRefusal(error, codes.failedPrecondition, codes.invalidArgument)) throw error;
      lost.push(...part.map((item) => ({ item })));
    }
  return lost;
}

function idsOf(messages: readonly Leased[]): string[] {
  return messages.map(({ receipt }) => receipt);
}

/** Cut for requests. */
function* partsOf(messages: readonly Leased[]): Generator<readonly Leased[]> {
  for (let at = 0; at < messages.length; at += MOST_MESSAGES) yield messages.slice(at, at + MOST_MESSAGES);
}
