/** The consumer protocol: what group members exchange through the broker, their subscriptions and assignments. */

import type { Library } from './cluster.ts';

/** Partitions by topic. */
export type Assignment = ReadonlyMap<string, readonly number[]>;

export interface Subscription {
  readonly memberId: string;
  readonly topics: readonly string[];
  /** Its partitions before the rebalance. */
  readonly owned: Assignment;
}

const SUBSCRIPTION_VERSION = 1;
const ASSIGNMENT_VERSION = 0;

/** ConsumerProtocolSubscription. */
export function encodeSubscription(topic: string, owned: readonly number[], { Writer }: Library): Buffer {
  return Writer.create()
    .appendInt16(SUBSCRIPTION_VERSION)
    .appendArray([topic], (writer, name) => writer.appendString(name, false), false, false)
    .appendBytes(null, false)
    .appendArray(
      owned.length === 0 ? [] : [topic],
      (writer, name) => appendPartitions(writer, name, owned),
      false,
      false,
    ).buffer;
}

export function decodeSubscription(
  memberId: string,
  bytes: Buffer | null,
  { Reader }: Library,
): Subscription {
  if (bytes === null) return { memberId, topics: [], owned: new Map() };
  const reader = Reader.from(bytes);
  const version = reader.readInt16();
  const topics = reader.readArray((each) => each.readString(false), false, false);
  reader.readNullableBytes(false);
  const owned = version >= 1 ? readPartitions(reader) : new Map();
  return { memberId, topics, owned };
}

/** ConsumerProtocolAssignment. */
export function encodeAssignment(assignment: Assignment, { Writer }: Library): Buffer {
  return Writer.create()
    .appendInt16(ASSIGNMENT_VERSION)
    .appendArray(
      [...assignment],
      (writer, [name, partitions]) => appendPartitions(writer, name, partitions),
      false,
      false,
    )
    .appendBytes(null, false).buffer;
}

export function decodeAssignment(bytes: Buffer, { Reader }: Library): Assignment {
  if (bytes.length < 6) return new Map();
  const reader = Reader.from(bytes);
  reader.readInt16();
  return readPartitions(reader);
}

/** Sticky assignment: each member keeps its partitions, up to its share. */
export function assign(
  members: readonly Subscription[],
  partitionsOf: ReadonlyMap<string, number>,
): Map<string, Map<string, number[]>> {
  const assigned = new Map(members.map(({ memberId }) => [memberId, new Map<string, number[]>()]));
  for (const [topic, count] of partitionsOf) {
    const takers = members.filter(({ topics }) => topics.includes(topic));
    const free = new Set(Array.from({ length: count }, (_, at) => at));
    const least = Math.floor(count / takers.length);
    let larger = count % takers.length;
    const kept = takers.map(({ memberId, owned }) => {
      const share = least + (larger > 0 ? 1 : 0);
      const own = (owned.get(topic) ?? []).filter((partition) => free.has(partition)).slice(0, share);
      if (own.length > least) larger--;
      for (const partition of own) free.delete(partition);
      assigned.get(memberId)?.set(topic, own);
      return own;
    });
    const rest = [...free];
    for (const own of kept) while (own.length < least) own.push(...rest.splice(0, 1));
    for (const own of kept) if (own.length === least) own.push(...rest.splice(0, 1));
  }
  return assigned;
}

type Writer = ReturnType<Library['Writer']['create']>;
type Reader = ReturnType<Library['Reader']['from']>;

function appendPartitions(writer: Writer, topic: string, partitions: readonly number[]): void {
  writer
    .appendString(topic, false)
    .appendArray([...partitions], (each, partition) => each.appendInt32(partition), false, false);
}

function readPartitions(reader: Reader): Assignment {
  const entries = reader.readArray(
    (each): [string, number[]] => [
      each.readString(false),
      each.readArray((one) => one.readInt32(), false, false),
    ],
    false,
    false,
  );
  return new Map(entries);
}
