/**
 * Batches chunks that arrive in quick succession: one expensive step (fsync, transaction) serves many lines when input
 * is fast, and no line waits for others when it is slow.
 */

import { elapsedMs } from './clock.ts';
import { later } from './later.ts';

interface Limits {
  /** A pause of this length ends a batch. */
  readonly idleMs: number;
  /** A batch ends at the latest this long after its first chunk. */
  readonly maxMs: number;
  /** A batch is full once its chunks have this total length. */
  readonly fullLength: number;
}

/**
 * The chunks in batches, never empty; empty input yields no batch.
 *
 * @throws the input's error, after yielding the batch that preceded it
 */
export async function* gather<Chunk extends { readonly length: number }>(
  chunks: AsyncIterable<Chunk>,
  limits: Limits,
): AsyncGenerator<Chunk[]> {
  const iterator = chunks[Symbol.asyncIterator]();
  let next = later(iterator.next());
  for (;;) {
    const first = await next;
    if (first.done) return;
    const batch = [first.value];
    let size = first.value.length;
    const deadline = elapsedMs() + limits.maxMs;
    next = later(iterator.next());
    for (let left = limits.maxMs; size < limits.fullLength && left > 0; left = deadline - elapsedMs()) {
      const more = await within(Math.min(limits.idleMs, left), next);
      if (more === undefined || more.done) break;
      batch.push(more.value);
      size += more.value.length;
      next = later(iterator.next());
    }
    yield batch;
  }
}

/** The next chunk; undefined when it takes longer, or fails: the caller gets the error when it awaits `next`. */
async function within<Chunk>(idleMs: number, next: Promise<IteratorResult<Chunk>>) {
  let timer: NodeJS.Timeout | undefined;
  // Not the sleep of node:timers/promises: aborting it takes longer than reading a chunk.
  const pause = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), idleMs);
  });
  const result = await Promise.race([next.catch(() => undefined), pause]);
  clearTimeout(timer);
  return result;
}
