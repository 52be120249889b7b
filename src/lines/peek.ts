/** Looks at how input begins, before it is read. */

/** The first bytes of some input. */
interface Peeked {
  /** As many as were asked for, or all; perhaps more. */
  readonly head: Buffer;
  /** All the input, with its first bytes. */
  readonly all: AsyncIterable<Buffer>;
}

/** Waits for the first `length` bytes. @throws what `chunks` throws */
export async function peek(chunks: AsyncIterable<Buffer>, length: number): Promise<Peeked> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < length) {
    const next = await iterator.next();
    if (next.done) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return { head, all: startingWith(head, iterator) };
}

async function* startingWith(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* { [Symbol.asyncIterator]: () => rest };
}
