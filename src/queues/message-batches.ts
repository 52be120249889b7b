/** Groups arriving messages into batches to put. */

import { gather } from '../async/gather.ts';
import type { Message } from './queue.ts';

/** Size at which a batch counts as full, however few its messages. */
const FULL_BYTES = 8 << 20;

/** Messages that arrived together; `length` is their weight for `gather`. */
interface Arrived {
  readonly messages: readonly Message[];
  readonly length: number;
}

/** Batches of at most `batch` messages; a pause of the input ends one early. */
export async function* messageBatches(
  arriving: AsyncIterable<Message[]>,
  { batch, linger }: { readonly batch: number; readonly linger: number },
): AsyncGenerator<readonly Message[]> {
  const limits = { idleMs: linger, maxMs: linger, fullLength: batch };
  for await (const parts of gather(weighed(arriving, batch), limits)) {
    const [first = { messages: [] }, ...others] = parts;
    const messages = others.length === 0 ? first.messages : parts.flatMap((part) => part.messages);
    for (let at = 0; at < messages.length; at += batch)
      yield at === 0 && messages.length <= batch ? messages : messages.slice(at, at + batch);
  }
}

/** Splits messages so that steady input gives full batches, without remainders. Large messages weigh more. */
async function* weighed(arriving: AsyncIterable<Message[]>, full: number): AsyncGenerator<Arrived> {
  let left = full;
  for await (const all of arriving)
    for (let at = 0; at < all.length; ) {
      const messages = all.slice(at, at + left);
      at += messages.length;
      left = left === messages.length ? full : left - messages.length;
      const bytes = messages.reduce((sum, { body }) => sum + body.length, 0);
      yield { messages, length: Math.max(messages.length, (bytes / FULL_BYTES) * full) };
    }
}
