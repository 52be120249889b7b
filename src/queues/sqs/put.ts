/** Puts messages, with as many parallel requests as their order allows. */

import { atOnce } from '../../async/at-once.ts';
import { Failure, status } from '../../failure.ts';
import { type Message, PutFailure, type PutOptions, type PutResult } from '../queue.ts';
import type { SqsClient } from './client.ts';
import { MAX_ENTRIES, REQUESTS_AT_ONCE, type Refusal, sendEntries } from './entries.ts';
import { type Entry, MAX_BYTES, sizeOf, toEntry } from './message.ts';

const LONGEST_DELAY_MS = 15 * 60_000;

/** See `Queue`. */
export async function putMessages(
  client: SqsClient,
  messages: readonly Message[],
  { delayMs }: PutOptions,
): Promise<PutResult> {
  const { isFifo, shown } = client.address;
  if (delayMs > LONGEST_DELAY_MS)
    throw new Failure(status.usage, `${shown}: SQS holds back messages for at most 15m`);
  const entries = messages.map((message) => toEntry(message, { isFifo, delayMs }));
  const stored = new Set<Entry>();
  try {
    for (const round of isFifo ? roundsOf(entries) : [entries])
      await atOnce(requestsOf(round), REQUESTS_AT_ONCE, async (request) => {
        const [refusal] = await put(client, request, stored);
        if (refusal !== undefined) throw new Failure(status.unavailable, `${shown}: ${refusal.reason}`);
      });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const missing = entries.findIndex((entry) => !stored.has(entry));
    throw new PutFailure(error.status, error.message, missing, { cause: error });
  }
  return { stored: entries.length, repeated: 0 };
}

/**
 * Splits messages into rounds: the first message of every group, then the second, and so on. SQS may reject any entry
 * of a request, so a retried message would end up after later messages of its group in the same request.
 */
function roundsOf(entries: readonly Entry[]): Entry[][] {
  const rounds: Entry[][] = [];
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const { MessageGroupId: group = '' } = entry;
    const nth = counts.get(group) ?? 0;
    counts.set(group, nth + 1);
    rounds[nth] ??= [];
    rounds[nth].push(entry);
  }
  return rounds;
}

/** Splits messages into requests within SQS's limits. */
function requestsOf(entries: readonly Entry[]): Entry[][] {
  const requests: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = sizeOf(entry);
    const last = requests.at(-1);
    if (last === undefined || last.length === MAX_ENTRIES || bytes + size > MAX_BYTES) {
      requests.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return requests;
}

/** Sends one request, or two halves if it is too large: some servers have lower limits. */
async function put(
  client: SqsClient,
  entries: readonly Entry[],
  stored: Set<Entry>,
): Promise<Refusal<Entry>[]> {
  try {
    return await sendEntries(client, entries, {
      send(sqs, QueueUrl, some, options) {
        const Entries = some.map((entry, at) => ({ ...entry, Id: String(at) }));
        return sqs.sendMessageBatch({ QueueUrl, Entries }, options);
      },
      bytes: entries.reduce((sum, entry) => sum + sizeOf(entry), 0),
      done(some) {
        for (const entry of some) stored.add(entry);
      },
      signal: client.settings.signal,
    });
  } catch (error) {
    if (!isTooLong(error) || entries.length === 1) throw error;
    const middle = entries.length >> 1;
    const first = await put(client, entries.slice(0, middle), stored);
    return first.length > 0 ? first : put(client, entries.slice(middle), stored);
  }
}

function isTooLong(error: unknown): boolean {
  return error instanceof Failure && /BatchRequestTooLong|MessageTooLong/.test(error.message);
}
