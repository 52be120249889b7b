/** Messages from a broker. */

import type { Broker, RecordsBatch } from '@platformatic/kafka';
import type { StoredMessage } from '../queue.ts';
import type { Cluster, Topic } from './cluster.ts';
import { READ_COMMITTED } from './offsets.ts';

const MOST_BYTES = 8 << 20;
/** Neither begins nor goes on with a session at the broker. */
const NO_SESSION = [0, -1];
const [APPEND_TIME, TRANSACTIONAL, CONTROL] = [8, 16, 32];
const ABORT = 0;

/** What to fetch of a partition. */
export interface Wanted {
  readonly partition: number;
  readonly offset: number;
  /** A single batch of records may be longer. */
  readonly bytes: number;
}

/** What was fetched of a partition. */
export interface Fetched {
  readonly partition: number;
  readonly errorCode: number;
  /** Those of transactions that were given up are left out. */
  readonly messages: readonly StoredMessage[];
  /** Behind all that was fetched. */
  readonly next: number;
  /** Behind the last message that can be fetched. */
  readonly end: number;
}

interface FetchAnswer {
  readonly responses: readonly { readonly partitions: readonly PartitionAnswer[] }[];
}

interface PartitionAnswer {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly lastStableOffset: bigint;
  readonly abortedTransactions: readonly { readonly producerId: bigint; readonly firstOffset: bigint }[];
  readonly records?: readonly RecordsBatch[];
}

/** Waits for messages, but not for long. @throws errors of the library */
export async function fetchMessages(
  cluster: Cluster,
  leader: Broker,
  { id: topicId, name: topic }: Topic,
  wanted: readonly Wanted[],
  waitMs: number,
): Promise<Fetched[]> {
  const partitions = wanted.map(({ partition, offset, bytes }) => ({
    ...{ partition, fetchOffset: BigInt(offset), partitionMaxBytes: bytes },
    ...{ currentLeaderEpoch: -1, lastFetchedEpoch: -1 },
  }));
  const words = [
    waitMs,
    1,
    MOST_BYTES,
    READ_COMMITTED,
    ...NO_SESSION,
    [{ topicId, topic, partitions }],
    [],
    '',
  ];
  const answer = await cluster.call<FetchAnswer>(leader, 'Fetch', words, 'fetch').catch((error: unknown) => {
    // Some partitions may have an error, and others messages.
    const { response } = error as { response?: FetchAnswer };
    if (response === undefined || response.responses.length === 0) throw error;
    return response;
  });
  const offsets = new Map(wanted.map(({ partition, offset }) => [partition, offset]));
  return answer.responses
    .flatMap((response) => response.partitions)
    .map((found) => fetchedOf(found, offsets.get(found.partitionIndex) ?? 0));
}

function fetchedOf(answer: PartitionAnswer, from: number): Fetched {
  const { partitionIndex: partition, errorCode, lastStableOffset, records = [] } = answer;
  const messages: StoredMessage[] = [];
  let next = from;
  const aborted = [...answer.abortedTransactions].sort((a, b) => Number(a.firstOffset - b.firstOffset));
  const givenUp = new Set<bigint>();
  for (const batch of records) {
    const first = Number(batch.firstOffset);
    next = Math.max(next, first + batch.lastOffsetDelta + 1);
    while (
      aborted[0] !== undefined &&
      aborted[0].firstOffset <= batch.firstOffset + BigInt(batch.lastOffsetDelta)
    )
      givenUp.add(aborted.shift()?.producerId ?? -1n);
    const isControl = (batch.attributes & CONTROL) !== 0;
    if (isControl && batch.records[0]?.key?.readInt16BE(2) === ABORT) givenUp.delete(batch.producerId);
    const isGivenUp = (batch.attributes & TRANSACTIONAL) !== 0 && givenUp.has(batch.producerId);
    if (isControl || isGivenUp) continue;
    const appended = (batch.attributes & APPEND_TIME) !== 0 ? Number(batch.maxTimestamp) : undefined;
    const firstTime = Number(batch.firstTimestamp);
    for (const { offsetDelta, timestampDelta, key, value, headers } of batch.records) {
      // Batches are fetched as a whole, also from their middle.
      if (first + offsetDelta < from) continue;
      messages.push({
        sequence: first + offsetDelta,
        time: appended ?? firstTime + Number(timestampDelta),
        body: value ?? Buffer.alloc(0),
        ...(key !== null && key !== undefined && { key: key.toString() }),
        ...(headers.length > 0 && {
          headers: Object.fromEntries(headers.map(([name, text]) => [String(name), String(text ?? '')])),
        }),
      });
    }
  }
  return { partition, errorCode, messages, next, end: Number(lastStableOffset) };
}
