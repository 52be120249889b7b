/** Puts messages into a topic: each once, by numbers that the broker checks, on all replicas in sync when it returns. */

import type { Broker } from '@platformatic/kafka';
import { Failure, status } from '../../failure.ts';
import { type Message, PutFailure } from '../queue.ts';
import type { Cluster, Library, Topic } from './cluster.ts';
import { code, isPassing, kafkaFailure } from './failure.ts';
import { partitionOf } from './murmur2.ts';
import { RecordBatch, type Stamp } from './record-batch.ts';

/** A batch ends with this many bytes. */
const BATCH_BYTES = 500_000;
const ACKS_ALL = -1;
const SEQUENCES = 2 ** 31;

/** A batch that is not stored yet. */
interface Unstored {
  readonly batch: RecordBatch;
  readonly sequence: number;
  /** Of the last try. */
  error: unknown;
}

interface ProduceAnswer {
  readonly responses: readonly {
    readonly partitionResponses: readonly { readonly index: number; readonly errorCode: number }[];
  }[];
}

export class Producer {
  readonly #cluster: Cluster;
  readonly #topic: string;
  /** The number of the next record in each partition. */
  readonly #sequences = new Map<number, number>();
  #producer: Promise<Pick<Stamp, 'producerId' | 'epoch'>> | undefined;
  #turn = Math.floor(Math.random() * 1000);
  #last: Promise<unknown> = Promise.resolve();

  constructor(cluster: Cluster, topic: string) {
    this.#cluster = cluster;
    this.#topic = topic;
  }

  /** One call after the other, so that messages keep their order. @param partition of all; else that of their keys @throws PutFailure */
  put(messages: readonly Message[], partition?: number): Promise<void> {
    const done = this.#last.then(() => this.#put(messages, partition));
    this.#last = done.catch(() => {});
    return done;
  }

  async #put(messages: readonly Message[], partition: number | undefined): Promise<void> {
    let unstored: Unstored[] = [];
    try {
      const topic = await this.#cluster.persist(() => this.#cluster.topic(this.#topic));
      const library = await this.#cluster.library();
      unstored = this.#batches(messages, topic, library, partition);
      await this.#cluster.persist(async () => {
        await this.#send(unstored, library);
        unstored = unstored.filter(({ error }) => error !== undefined);
        const refused = unstored.find(({ error }) => !isPassing(error)) ?? unstored[0];
        if (refused !== undefined) throw refused.error;
      });
    } catch (error) {
      // What has become of the others nobody knows, so that their numbers cannot be used again.
      this.#producer = undefined;
      const first = Math.min(messages.length, ...unstored.map(({ batch }) => batch.numbers[0] ?? 0));
      const failure = kafkaFailure(this.#cluster.shown, error);
      throw new PutFailure(failure.status, failure.message, unstored.length > 0 ? first : 0, {
        cause: error,
      });
    }
  }

  #batches(
    messages: readonly Message[],
    topic: Topic,
    library: Library,
    partition: number | undefined,
  ): Unstored[] {
    const { compression } = this.#cluster.address;
    const { bitmask, compressSync } = library.compressionsAlgorithms[compression];
    const count = topic.partitions.length;
    const unkeyed = partition ?? this.#turn++ % count;
    const time = this.#cluster.settings.now();
    const open = new Map<number, RecordBatch>();
    const finished: RecordBatch[] = [];
    const finish = (batch: RecordBatch) => {
      batch.finish(time, bitmask, compression === 'none' ? undefined : compressSync);
      finished.push(batch);
    };
    for (const [number, message] of messages.entries()) {
      const key = message.key === undefined ? undefined : Buffer.from(message.key);
      const to = partition ?? (key === undefined ? unkeyed : partitionOf(key, count));
      let batch = open.get(to);
      if (batch !== undefined && batch.length + message.body.length > BATCH_BYTES) {
        finish(batch);
        batch = undefined;
      }
      if (batch === undefined) {
        batch = new RecordBatch(to);
        open.set(to, batch);
      }
      batch.add(number, message, key);
    }
    for (const batch of open.values()) finish(batch);
    return finished.map((batch) => ({ batch, sequence: this.#sequenceOf(batch), error: undefined }));
  }

  #sequenceOf({ partition, numbers }: RecordBatch): number {
    if (this.#producer === undefined) this.#sequences.clear();
    const sequence = this.#sequences.get(partition) ?? 0;
    this.#sequences.set(partition, (sequence + numbers.length) % SEQUENCES);
    this.#producer ??= this.#begin();
    return sequence;
  }

  async #begin() {
    const answer = await this.#cluster.persist(() =>
      this.#cluster.call<{ producerId: bigint; producerEpoch: number }>(undefined, 'InitProducerId', [
        null,
        0,
        -1n,
        -1,
      ]),
    );
    return { producerId: answer.producerId, epoch: answer.producerEpoch };
  }

  /** Sends what is not stored, several requests at once to each broker, in order for each partition; sets the errors. */
  async #send(unstored: readonly Unstored[], library: Library): Promise<void> {
    const topic = await this.#cluster.topic(this.#topic);
    const producer = await this.#producer;
    if (producer === undefined) throw new Failure(status.software, 'no producer');
    const requests = new Map<Broker, Unstored[][]>();
    const rounds = new Map<number, number>();
    for (const each of unstored) {
      const { partition } = each.batch;
      const leader = topic.partitions[partition]?.leader;
      if (leader === undefined)
        throw new Failure(status.temporary, `${this.#cluster.shown}: partition ${partition} has no leader`);
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
        rounds.map((batches) => this.#request(leader, batches, producer, library)),
      ),
    );
  }

  async #request(
    leader: Broker,
    batches: readonly Unstored[],
    producer: Pick<Stamp, 'producerId' | 'epoch'>,
    library: Library,
  ): Promise<void> {
    const parts = batches.map(({ batch, sequence }) => ({
      partition: batch.partition,
      bytes: batch.stamped({ ...producer, sequence }, library.crc32c),
    }));
    const answer = await this.#produce(leader, parts, library).catch((error: unknown) => {
      const response = (error as { response?: ProduceAnswer }).response;
      if (response !== undefined) return response;
      for (const each of batches) each.error = error;
      return undefined;
    });
    const results = answer?.responses.flatMap(({ partitionResponses }) => partitionResponses) ?? [];
    for (const each of batches) {
      const found = results.find(({ index }) => index === each.batch.partition);
      if (found !== undefined) each.error = errorOf(found.errorCode, library);
      else if (answer !== undefined)
        each.error = new Failure(status.temporary, `${this.#cluster.shown}: no answer`);
    }
  }

  async #produce(
    leader: Broker,
    parts: readonly { readonly partition: number; readonly bytes: Buffer }[],
    { Writer, createAPI, produceV9, produceV10, produceV11 }: Library,
  ): Promise<ProduceAnswer> {
    const version = await this.#cluster.version('Produce');
    const parser = { 9: produceV9, 10: produceV10, 11: produceV11 }[version];
    if (parser === undefined)
      throw new Failure(status.unavailable, `${this.#cluster.shown}: the broker is too old`);
    const write = () =>
      Writer.create()
        .appendString(null)
        .appendInt16(ACKS_ALL)
        .appendInt32(30_000)
        .appendArray([this.#topic], (topics, name) => {
          topics.appendString(name).appendArray([...parts], (writer, { partition, bytes }) => {
            writer
              .appendInt32(partition)
              .appendUnsignedVarInt(bytes.length + 1)
              .append(bytes);
          });
        })
        .appendTaggedFields();
    const api = createAPI<[], ProduceAnswer>(0, version, write, parser.parseResponse);
    return api.async(await this.#cluster.connection(leader));
  }
}

/** Undefined when it is stored. */
function errorOf(errorCode: number, { ProtocolError }: Library): Error | undefined {
  if (errorCode === code.none || errorCode === code.duplicateSequence) return undefined;
  const isAfterFailed = errorCode === code.outOfOrderSequence;
  return new ProtocolError(errorCode, null, isAfterFailed ? { canRetry: true } : {});
}
