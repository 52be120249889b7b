/**
 * Server-Sent Events from the bytes of a body, by the WHATWG standard: eventsource-parser reads the lines of each event. It
 * tells nothing of a block without data, whose id counts all the same.
 */

import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { BlockSplitter, LONGEST_ID, lineEnds } from './block-splitter.ts';

/** What the header Last-Event-ID cannot carry. */
const NO_HEADER = /(?!\t)\p{Cc}/u;

/** An event as it came. */
export interface ParsedEvent {
  /** The id that it gave itself; undefined when it gave none, or one that cannot be used. */
  readonly id: string | undefined;
  /** The last id, its own or that of an event before; empty for none. */
  readonly lastId: string;
  /** `message` if the server does not say. */
  readonly event: string;
  /** Its lines, with newlines between them; undefined when it is too long. */
  readonly data: string | undefined;
}

/** Reads one body. */
export class EventParser {
  /** How long to wait before the next connection, in milliseconds, if the server has said so. */
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

  /** @param lastId the last id of the body before @param onBadId hears why an id is not used */
  constructor(lastId: string, onBadId: (problem: string) => void) {
    this.#lastId = lastId;
    this.#onBadId = onBadId;
  }

  /** The id as it was at the last blank line; empty for none. */
  get lastId(): string {
    return this.#lastId;
  }

  /** The events that these bytes end. */
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

  /** To be called at the end of the body: an unfinished event is dropped, but a wish for the next connection counts. */
  end(): void {
    const lines = this.#splitter.unfinished.split('\n').filter((line) => line.startsWith('retry'));
    this.#parse(`${lines.join('\n')}\n\n`);
  }

  #parse(block: string): EventSourceMessage | undefined {
    this.#found = undefined;
    this.#parser.feed(block);
    return this.#found;
  }

  /** What the parser says of the block with an empty line of data. */
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
