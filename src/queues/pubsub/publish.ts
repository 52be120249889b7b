/** Publishes messages: in order per key, different keys in parallel. */

import { Failure } from '../../failure.ts';
import { type Message, PutFailure } from '../queue.ts';
import { MAX_BYTES, sizeOf, toPubsub } from './message.ts';

/** Maximum number of messages per request. */
const MAX_MESSAGES = 1000;
const REQUESTS_AT_ONCE = 32;

/** The messages of one request, all with the same key, as Pub/Sub requires. */
type Chunk = readonly Entry[];

interface Entry {
  readonly message: Message;
  /** Its index among all messages. */
  readonly at: number;
}

/** @param publish sends one request @throws PutFailure */
export async function publishAll(
  messages: readonly Message[],
  publish: (messages: ReturnType<typeof toPubsub>[]) => Promise<unknown>,
): Promise<void> {
  const waiting = [...lanes(messages).values()].map(chunksOf);
  const stored = new Set<number>();
  const failures: unknown[] = [];
  const work = async () => {
    for (let lane = waiting.shift(); lane !== undefined; lane = waiting.shift())
      for (const chunk of lane) {
        // After a failure, later messages of the key must not be stored.
        if (failures.length > 0) return;
        await publish(chunk.map(({ message }) => toPubsub(message)));
        for (const { at } of chunk) stored.add(at);
      }
  };
  const workers = Array.from({ length: Math.min(REQUESTS_AT_ONCE, waiting.length) }, () =>
    work().catch((error) => failures.push(error)),
  );
  await Promise.all(workers);
  const [error] = failures;
  if (error === undefined) return;
  if (!(error instanceof Failure)) throw error;
  const first = messages.findIndex((_, at) => !stored.has(at));
  throw new PutFailure(error.status, error.message, first, { cause: error });
}

/** Groups messages by key; those without a key form one group. */
function lanes(messages: readonly Message[]): Map<string | undefined, Entry[]> {
  const byKey = new Map<string | undefined, Entry[]>();
  for (const [at, message] of messages.entries()) {
    const lane = byKey.get(message.key);
    if (lane === undefined) byKey.set(message.key, [{ message, at }]);
    else lane.push({ message, at });
  }
  return byKey;
}

function chunksOf(entries: readonly Entry[]): Chunk[] {
  const chunks: Entry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const size = sizeOf(entry.message);
    const last = chunks.at(-1);
    if (last === undefined || last.length >= MAX_MESSAGES || bytes + size > MAX_BYTES) {
      chunks.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return chunks;
}
