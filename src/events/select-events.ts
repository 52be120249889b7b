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
    const selected: WaitingEvent[] = [];
    for (const event of events) {
      const waiting = this.#selectOne(event);
      if (waiting !== undefined) selected.push(waiting);
      if (this.isDone) return { events: selected, lastId: event.lastId };
    }
    return { events: selected, lastId };
  }

  #selectOne(event: ParsedEvent): WaitingEvent | undefined {
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
    return {
      line: Buffer.from(`${line}\n`),
      lastId: event.lastId,
      id: event.id,
      fingerprint: print,
    };
  }
}
