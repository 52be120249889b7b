/** MurmurHash2 with Kafka's seed, by which Java clients choose the partition of a key. */

const SEED = 0x9747b28c;
const FACTOR = 0x5bd1e995;

/** @returns a signed 32-bit integer */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  let hash = SEED ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    const word = byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24);
    let mixed = Math.imul(word, FACTOR);
    mixed ^= mixed >>> 24;
    hash = Math.imul(hash, FACTOR) ^ Math.imul(mixed, FACTOR);
  }
  if (at < length) {
    for (let rest = length - 1; rest >= at; rest--) hash ^= byte(rest) << (8 * (rest - at));
    hash = Math.imul(hash, FACTOR);
  }
  hash = Math.imul(hash ^ (hash >>> 13), FACTOR);
  return hash ^ (hash >>> 15);

  function byte(index: number): number {
    return bytes[index] ?? 0;
  }
}

/** The partition of a key, as Java's default partitioner chooses it. */
export function partitionOf(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}
