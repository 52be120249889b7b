/** Selects events of a stream, and formats them as lines. */

import type { Line, Rejection } from '../lines/line.ts';
import type { ParsedEvent } from './event-parser.ts';
import { type EventFormat, envelope, formatEvent } from './format-event.ts';
import type { WaitingEvent } from './inbox.ts';
import { fingerprint, type RecentEvents } from './recent-events.ts';

interface Selection {
  /** The stream, for messages. */
  readonly shown: string;
  readonly format: EventFormat;
  /** Event types to select; empty for all. */
  readonly names: ReadonlySet<string>;
  /** Maximum number of events. */
  readonly count: number;
  reject(line: Line, rejection: Rejection): void;
}

/** Selects events in order, and counts them. */
export class Selector {
  /** Number of repeats. */
  repeats = 0;
  /** Number of events of other types. */
  others = 0;
  #selected = 0;
  #seen = 0;
  readonly #selection: Selection;
  readonly #recent: RecentEvents;

  constructor(selection: Selection, recent: RecentEvents) {
    this.#selection = selection;
    this.#recent = recent;
  }

  /** Number of selected events. */
  get selected(): number {
    return this.#selected;
  }

  /** Whether the maximum is reached. */
  get isDone(): boolean {
    return this.#selected >= this.#selection.count;
  }

  /** The selected events, up to the maximum; `lastId` is the id after the last event examined. */
  select(events: readonly ParsedEvent[], lastId: string): { events: WaitingEvent[]; lastId: string } {
    const lines: Selected[] = [];
    let behind = lastId;
    for (const event of events) {
      const line = this.#selectOne(event);
      if (line !== undefined) lines.push(line);
      if (!this.isDone) continue;
      behind = event.lastId;
      break;
    }
    return { events: packed(lines), lastId: behind };
  }

  #selectOne(event: ParsedEvent): Selected | undefined {
    const { names, format, shown, reject } = this.#selection;
    this.#seen++;
    if (names.size > 0 && !names.has(event.event)) {
      this.others++;
      return undefined;
    }
    const print = fingerprint(event);
    if (print !== undefined && this.#recent.isRepeat(print)) {
      this.repeats++;
      return undefined;
    }
    const line = formatEvent(event, format);
    if (typeof line !== 'string') {
      reject({ text: envelope(event), source: shown, number: this.#seen, torn: false }, line);
      return undefined;
    }
    this.#selected++;
    return { line, lastId: event.lastId, fingerprint: print };
  }
}

interface Selected extends Pick<WaitingEvent, 'lastId' | 'fingerprint'> {
  readonly line: string;
}

/** Copies the lines into one buffer, so that no text of the stream is retained. */
function packed(selected: readonly Selected[]): WaitingEvent[] {
  const bytes = Buffer.from(selected.map(({ line }) => `${line}\n`).join(''));
  let end = 0;
  let knownId = '';
  return selected.map(({ line, lastId, fingerprint }) => {
    const start = end;
    end += Buffer.byteLength(line) + 1;
    if (lastId !== knownId) knownId = copied(lastId);
    return { bytes, start, end, lastId: knownId, fingerprint };
  });
}

/** Copies text: a slice would retain the whole string. */
function copied(text: string): string {
  return Buffer.from(text).toString();
}
