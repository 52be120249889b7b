/**
 * Parses Server-Sent Events by the WHATWG standard. eventsource-parser parses the lines of each event, but does not
 * report blocks without data, whose ids count, too.
 */

import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { BlockSplitter, LONGEST_ID, lineEnds } from './block-splitter.ts';

/** Characters that the header Last-Event-ID cannot carry. */
const NO_HEADER = /(?!\t)\p{Cc}/u;

/** A parsed event. */
export interface ParsedEvent {
  /** The event's own id; undefined when it has none, or an unusable one. */
  readonly id: string | undefined;
  /** The last event id, its own or an earlier one; empty for none. */
  readonly lastId: string;
  /** The event type; default: `message`. */
  readonly event: string;
  /** Its data lines, joined by newlines; undefined when it is too long. */
  readonly data: string | undefined;
}

/** Parses one body. */
export class EventParser {
  /** The reconnection time that the server has set, in milliseconds. */
  retryMs: number | undefined;
  #lastId: string;
  readonly #onBadId: (problem: string) => void;
  readonly #decoder = new TextDecoder();
  readonly #unify = lineEnds();
  readonly #splitter = new BlockSplitter();
  #found: EventSourceMessage | undefined;
  readonly #parser = createParser({
    onEvent: (message) => {
      this.#found = message;
    },
    onRetry: (ms) => {
      this.retryMs = ms;
    },
  });

  /** @param lastId of the previous body @param onBadId told why an id is ignored */
  constructor(lastId: string, onBadId: (problem: string) => void) {
    this.#lastId = lastId;
    this.#onBadId = onBadId;
  }

  /** The last event id as of the last blank line; empty for none. */
  get lastId(): string {
    return this.#lastId;
  }

  /** The events that these bytes complete. */
  feed(bytes: Uint8Array): ParsedEvent[] {
    const events: ParsedEvent[] = [];
    const text = this.#unify(this.#decoder.decode(bytes, { stream: true }));
    for (const { text: block, isTooLong } of this.#splitter.push(text)) {
      const message = this.#parse(block);
      const hasData = message !== undefined;
      const { id, event = 'message', data } = message ?? this.#parseIdOnly(block);
      const ownId = this.#usable(id);
      if (ownId !== undefined) this.#lastId = ownId;
      if (hasData || isTooLong)
        events.push({ id: ownId, lastId: this.#lastId, event, data: isTooLong ? undefined : data });
    }
    return events;
  }

  /** Call it at the end of the body. Drops an incomplete event, but applies its `retry` lines. */
  end(): void {
    const lines = this.#splitter.unfinished.split('\n').filter((line) => line.startsWith('retry'));
    this.#parse(`${lines.join('\n')}\n\n`);
  }

  #parse(block: string): EventSourceMessage | undefined {
    this.#found = undefined;
    this.#parser.feed(block);
    return this.#found;
  }

  /** Parses a block without data, by adding an empty line of data. */
  #parseIdOnly(block: string): Partial<EventSourceMessage> {
    if (!block.includes('id')) return {};
    return this.#parse(`${block.slice(0, -1)}data\n\n`) ?? {};
  }

  #usable(id: string | undefined): string | undefined {
    if (id === undefined) return undefined;
    const isTooLong = id.length > LONGEST_ID / 3 && Buffer.byteLength(id) > LONGEST_ID;
    if (!isTooLong && !NO_HEADER.test(id)) return id;
    this.#onBadId(isTooLong ? `longer than ${LONGEST_ID} bytes` : 'has a control character');
    return undefined;
  }
}
