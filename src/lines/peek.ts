/** Peeks at the beginning of input before it is read. */

/** The first bytes of some input. */
interface Peeked {
  /** As many as were asked for, or all; perhaps more. */
  readonly head: Buffer;
  /** The whole input, including its first bytes. */
  readonly all: AsyncIterable<Buffer>;
}

/** Waits for the first `length` bytes, or for a chunk that is enough. @throws what `chunks` throws */
export async function peek(
  chunks: AsyncIterable<Buffer>,
  length: number,
  isEnough: (chunk: Buffer) => boolean = () => false,
): Promise<Peeked> {
  const iterator = chunks[Symbol.asyncIterator]();
  const parts: Buffer[] = [];
  for (let left = length; left > 0; ) {
    const next = await iterator.next();
    if (next.done) break;
    left = isEnough(next.value) ? 0 : left - next.value.length;
    // The memory of a chunk may be reused for the next one.
    parts.push(left > 0 ? Buffer.from(next.value) : next.value);
  }
  const head = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  return { head, all: startingWith(head, iterator) };
}

async function* startingWith(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* { [Symbol.asyncIterator]: () => rest };
}
