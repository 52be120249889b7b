/**
 * Takes chunks together that arrive close after one another, so that one expensive step (a synced write, a
 * transaction) serves many lines when input is fast, and none waits when it is slow.
 */

import { elapsedMs } from './clock.ts';

interface Limits {
  /** A pause of this length ends a batch. */
  readonly idleMs: number;
  readonly longestMs: number;
  /** The length of all chunks together from which on a batch is full. */
  readonly most: number;
}

/** Batches of chunks. What had arrived when the input failed still comes as a batch, before the error. */
export async function* gather<Chunk extends { readonly length: number }>(
  chunks: AsyncIterable<Chunk>,
  limits: Limits,
): AsyncGenerator<Chunk[]> {
  const iterator = chunks[Symbol.asyncIterator]();
  let next = pull(iterator);
  for (;;) {
    const first = await next;
    if (first.done) return;
    const batch = [first.value];
    let size = first.value.length;
    const deadline = elapsedMs() + limits.longestMs;
    next = pull(iterator);
    for (let left = limits.longestMs; size < limits.most && left > 0; left = deadline - elapsedMs()) {
      const more = await within(Math.min(limits.idleMs, left), next);
      if (more === undefined || more.done) break;
      batch.push(more.value);
      size += more.value.length;
      next = pull(iterator);
    }
    yield batch;
  }
}

function pull<Chunk>(iterator: AsyncIterator<Chunk>): Promise<IteratorResult<Chunk>> {
  const next = iterator.next();
  // It is awaited later; until then an error must not count as unhandled.
  next.catch(() => {});
  return next;
}

/** The next chunk; undefined when it takes longer, or fails, which the caller meets when it awaits it. */
async function within<Chunk>(idleMs: number, next: Promise<IteratorResult<Chunk>>) {
  let timer: NodeJS.Timeout | undefined;
  // Not the sleep of node:timers/promises: to abort it takes longer than to read a chunk.
  const pause = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), idleMs);
  });
  const result = await Promise.race([next.catch(() => undefined), pause]);
  clearTimeout(timer);
  return result;
}
