/** Which events of a stream are handed on, and as which lines. */

import type { Line, Rejection } from '../lines/line.ts';
import type { ParsedEvent } from './event-parser.ts';
import { type EventFormat, envelope, formatEvent } from './format-event.ts';
import type { WaitingEvent } from './inbox.ts';
import { fingerprint, type RecentEvents } from './recent-events.ts';

interface Selection {
  /** The stream, for messages. */
  readonly shown: string;
  readonly format: EventFormat;
  /** Names of events; empty for all. */
  readonly names: ReadonlySet<string>;
  /** How many are handed on at most. */
  readonly count: number;
  reject(line: Line, rejection: Rejection): void;
}

/** Selects events one after the other, and counts. */
export class Selector {
  /** Events that were seen before. */
  repeats = 0;
  /** Events of other names. */
  others = 0;
  #selected = 0;
  #seen = 0;
  readonly #selection: Selection;
  readonly #recent: RecentEvents;

  constructor(selection: Selection, recent: RecentEvents) {
    this.#selection = selection;
    this.#recent = recent;
  }

  /** Number of events that were selected. */
  get selected(): number {
    return this.#selected;
  }

  /** Whether no more events are wanted. */
  get isDone(): boolean {
    return this.#selected >= this.#selection.count;
  }

  /** The events that are handed on, until there are enough; `lastId` is the id behind the last one that was looked at. */
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

/** The events with their lines in one buffer. They hold nothing of the text that they were parts of. */
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

/** The same text, when it may be a part of a longer one that would be held with it. */
function copied(text: string): string {
  return Buffer.from(text).toString();
}
