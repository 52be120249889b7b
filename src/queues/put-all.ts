/** Puts messages as they arrive, and counts those stored for the error message. */

import { inOrder } from '../async/in-order.ts';
import { Failure } from '../failure.ts';
import { type Message, PutFailure, type PutOptions, type Queue } from './queue.ts';

interface Told {
  /** Called with the number of newly stored messages. */
  accept(count: number): void;
  explain(message: string): void;
}

/** @throws Failure with the number of stored messages */
export async function putAll(
  queue: Queue,
  arriving: AsyncIterable<readonly Message[]>,
  options: PutOptions,
  told: Told,
): Promise<void> {
  let seen = 0;
  let stored = 0;
  let repeated = 0;
  try {
    for await (const { count, result } of inOrder(queue.putsAtOnce ?? 1, puts())) {
      stored += count;
      repeated += result.repeated;
      told.accept(count);
    }
  } catch (error) {
    if (error instanceof PutFailure) {
      stored += error.stored;
      told.accept(error.stored);
    }
    if (!(error instanceof Failure) || seen === 0) throw error;
    throw new Failure(error.status, `${error.message}: ${stored} of ${seen} messages are stored`, {
      cause: error,
    });
  } finally {
    if (repeated > 0) told.explain(`${repeated} of ${seen} messages were put before`);
  }

  async function* puts() {
    for await (const messages of arriving) {
      seen += messages.length;
      yield async () => ({ count: messages.length, result: await queue.put(messages, options) });
    }
  }
}
