/** Fetches messages from a broker. */

import type { Broker } from '@platformatic/kafka';
import type { StoredMessage } from '../queue.ts';
import type { Cluster, Library, Topic } from './cluster.ts';
import { READ_COMMITTED } from './offsets.ts';
import { readRecords } from './record-reader.ts';

const FETCH = 1;
/** Limit for all partitions of a response together; a single record batch may exceed it. */
export const MAX_BYTES = 1 << 20;
/** Session id and epoch of a request without a fetch session. */
const NO_SESSION = [0, -1] as const;
/** The first version with topic ids. The library cannot parse the responses of version 16 and later. */
const BY_ID = 13;
const BY_NAME = 12;

/** What to fetch from a partition. */
export interface Wanted {
  readonly partition: number;
  readonly offset: number;
  /** A single record batch may exceed it. */
  readonly bytes: number;
}

/** What was fetched from a partition. */
export interface Fetched {
  readonly partition: number;
  readonly errorCode: number;
  readonly messages: readonly StoredMessage[];
  /** The offset after the last fetched record. */
  readonly next: number;
  /** The offset after the last message that can be fetched. */
  readonly end: number;
}

/** Long-polls a broker for messages, at most `waitMs`. @throws errors of the library */
export async function fetchMessages(
  cluster: Cluster,
  leader: Broker,
  { id, name }: Topic,
  wanted: readonly Wanted[],
  waitMs: number,
): Promise<Fetched[]> {
  const library = await cluster.library();
  const version = (await cluster.version('Fetch')) < BY_ID ? BY_NAME : BY_ID;
  const { createRequest } = version === BY_ID ? library.fetchV13 : library.fetchV12;
  const partitions = wanted.map(({ partition, offset, bytes }) => ({
    ...{ partition, fetchOffset: BigInt(offset), partitionMaxBytes: bytes },
    ...{ currentLeaderEpoch: -1, lastFetchedEpoch: -1 },
  }));
  const topics = [{ topicId: version === BY_ID ? id : name, partitions }];
  const write = () => createRequest(waitMs, 1, MAX_BYTES, READ_COMMITTED, ...NO_SESSION, topics, [], '');
  const offsets = new Map(wanted.map(({ partition, offset }) => [partition, offset]));
  const api = library.createAPI<[], Fetched[]>(FETCH, version, write, (_id, _key, _version, reader) =>
    parseAnswer(reader, version, offsets, library),
  );
  return api.async(await cluster.connection(leader, 'fetch'));
}

type Reader = ReturnType<Library['Reader']['from']>;

function parseAnswer(
  reader: Reader,
  version: number,
  offsets: ReadonlyMap<number, number>,
  library: Library,
): Fetched[] {
  reader.readInt32();
  const errorCode = reader.readInt16();
  if (errorCode !== 0) throw new library.ProtocolError(errorCode);
  reader.readInt32();
  return reader
    .readArray((topics) => {
      if (version === BY_ID) topics.readUUID();
      else topics.readString();
      return topics.readArray((each) => parsePartition(each, offsets, library));
    })
    .flat();
}

function parsePartition(
  reader: Reader,
  offsets: ReadonlyMap<number, number>,
  { compressionsAlgorithmsByBitmask }: Library,
): Fetched {
  const partition = reader.readInt32();
  const errorCode = reader.readInt16();
  reader.readInt64();
  const end = Number(reader.readInt64());
  reader.readInt64();
  const aborted = reader.readArray((each) => ({
    producerId: each.readInt64(),
    firstOffset: each.readInt64(),
  }));
  reader.readInt32();
  const records = reader.readNullableBytes() ?? Buffer.alloc(0);
  const decompress = (bytes: Buffer, algorithm: number) => {
    const found = compressionsAlgorithmsByBitmask[algorithm];
    if (found === undefined) throw new Error(`unknown compression ${algorithm}`);
    return found.decompressSync(bytes);
  };
  const from = offsets.get(partition) ?? 0;
  return { partition, errorCode, end, ...readRecords(records, { from, aborted, decompress }) };
}
