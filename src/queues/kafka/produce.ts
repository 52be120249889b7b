/** Produce requests to the leaders of partitions. */

import type { Broker } from '@platformatic/kafka';
import { Failure, status } from '../../failure.ts';
import type { Cluster, Library } from './cluster.ts';
import { code } from './failure.ts';
import { noLeader } from './offsets.ts';
import type { RecordBatch, Stamp } from './record-batch.ts';

const PRODUCE = 0;
const ACKS_ALL = -1;
/** How long a leader may wait for its replicas. */
const ANSWER_MS = 30_000;

/** A producer's identity. */
export type Identity = Pick<Stamp, 'producerId' | 'epoch'>;

/** A batch and its outcome. */
export interface Sent {
  readonly batch: RecordBatch;
  readonly sequence: number;
  isStored: boolean;
  /** Error of the last attempt. */
  error: unknown;
}

interface ProduceAnswer {
  readonly responses: readonly {
    readonly partitionResponses: readonly { readonly index: number; readonly errorCode: number }[];
  }[];
}

/** Sends batches, in parallel, but in order within a partition. Sets `isStored` or `error` of each. */
export async function produce(
  cluster: Cluster,
  name: string,
  unstored: readonly Sent[],
  producer: Identity,
): Promise<void> {
  const library = await cluster.library();
  const topic = await cluster.topic(name);
  const requests = new Map<Broker, Sent[][]>();
  const rounds = new Map<number, number>();
  for (const each of unstored) {
    const { partition } = each.batch;
    const leader = topic.partitions[partition]?.leader;
    if (leader === undefined) {
      each.error = noLeader(cluster, partition);
      continue;
    }
    const round = rounds.get(partition) ?? 0;
    rounds.set(partition, round + 1);
    const ofLeader = requests.get(leader) ?? [];
    requests.set(leader, ofLeader);
    const request = ofLeader[round];
    if (request === undefined) ofLeader[round] = [each];
    else request.push(each);
  }
  await Promise.all(
    [...requests].flatMap(([leader, rounds]) =>
      rounds.map((batches) => request(cluster, name, leader, batches, producer, library)),
    ),
  );
}

async function request(
  cluster: Cluster,
  name: string,
  leader: Broker,
  batches: readonly Sent[],
  producer: Identity,
  library: Library,
): Promise<void> {
  const parts = batches.map(({ batch, sequence }) => ({
    partition: batch.partition,
    bytes: batch.stamped({ ...producer, sequence }, library.crc32c),
  }));
  const answer = await ask(cluster, name, leader, parts, library).catch((error: unknown) => {
    const response = (error as { response?: ProduceAnswer }).response;
    if (response !== undefined) return response;
    for (const each of batches) each.error = error;
    return undefined;
  });
  const results = answer?.responses.flatMap(({ partitionResponses }) => partitionResponses) ?? [];
  for (const each of batches) {
    const found = results.find(({ index }) => index === each.batch.partition);
    if (found !== undefined) {
      each.error = errorOf(found.errorCode, library);
      each.isStored = each.error === undefined;
    } else if (answer !== undefined)
      each.error = new Failure(status.temporary, `${cluster.shown}: no answer`);
  }
}

async function ask(
  cluster: Cluster,
  name: string,
  leader: Broker,
  parts: readonly { readonly partition: number; readonly bytes: Buffer }[],
  { Writer, createAPI, produceV9 }: Library,
): Promise<ProduceAnswer> {
  const write = () =>
    Writer.create()
      .appendString(null)
      .appendInt16(ACKS_ALL)
      .appendInt32(ANSWER_MS)
      .appendArray([name], (topics, name) => {
        topics.appendString(name).appendArray([...parts], (writer, { partition, bytes }) => {
          writer
            .appendInt32(partition)
            .appendUnsignedVarInt(bytes.length + 1)
            .append(bytes);
        });
      })
      .appendTaggedFields();
  // The library cannot parse later versions, which name the new leader.
  const api = createAPI<[], ProduceAnswer>(PRODUCE, 9, write, produceV9.parseResponse);
  return api.async(await cluster.connection(leader));
}

/** Undefined when the batch is stored. */
function errorOf(errorCode: number, { ProtocolError }: Library): Error | undefined {
  if (errorCode === code.none || errorCode === code.duplicateSequence) return undefined;
  const isAfterFailed = errorCode === code.outOfOrderSequence;
  return new ProtocolError(errorCode, null, isAfterFailed ? { canRetry: true } : {});
}
