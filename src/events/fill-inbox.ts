/** Reads a stream into an inbox, until enough events have arrived or the stream ends. */

import { callAfter } from '../async/long-timer.ts';
import type { Inbox } from './inbox.ts';
import type { Chunk } from './read-stream.ts';
import type { Selector } from './select-events.ts';

/** Moves selected events from the stream to the inbox. Never throws: a failure ends the inbox with an error. */
export async function fillInbox(
  inbox: Inbox,
  stream: AsyncIterable<Chunk>,
  selector: Selector,
): Promise<void> {
  try {
    for await (const { events, lastId } of stream) {
      const selected = selector.select(events, lastId);
      await inbox.add(selected.events, selected.lastId);
      if (selector.isDone) break;
    }
    inbox.end();
  } catch (error) {
    inbox.end(error);
  }
}

/** A signal for the stream, aborted by another signal, after a time (undefined: never), or by `end`. */
export function stopper(signal: AbortSignal, afterMs: number | undefined) {
  const stop = new AbortController();
  const end = () => stop.abort(new Error('no more events are wanted'));
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  const cancel = callAfter(afterMs ?? Number.POSITIVE_INFINITY, end);
  return {
    signal: stop.signal,
    end: () => {
      cancel();
      end();
    },
  };
}
