/** Events that wait to be handed on, in bounded memory. */

import { elapsedMs } from '../async/clock.ts';
import { LONGEST_TIMER_MS } from '../async/time-limit.ts';

/** Bytes that an event takes beside its line. */
const BESIDE_LINE = 400;

/** An event as it is handed on. Its bytes are with those of others, since a buffer for each takes more than most lines. */
export interface WaitingEvent {
  readonly bytes: Buffer;
  /** Where its line is in them, with its newline. */
  readonly start: number;
  readonly end: number;
  /** The id behind it. */
  readonly lastId: string;
  /** What it is known by when it comes again; undefined when it has no id of its own. */
  readonly fingerprint: string | undefined;
}

/** The lines of events one after the other, in as few parts as they are. */
export function linesOf(events: readonly WaitingEvent[]): Buffer[] {
  const parts: Buffer[] = [];
  let first = 0;
  for (const [at, event] of events.entries()) {
    const next = events[at + 1];
    if (next?.bytes === event.bytes && next.start === event.end) continue;
    parts.push(event.bytes.subarray(events[first]?.start, event.end));
    first = at + 1;
  }
  return parts;
}

/** Events that were taken out. */
export interface Taken {
  /** None when none have come for some time, or at the end, when the id has changed. */
  readonly events: readonly WaitingEvent[];
  /** The id behind them, and behind all after them that are not handed on. */
  readonly lastId: string;
}

interface TakeLimits {
  /** The most events of a batch. */
  readonly count: number;
  /** How long the first event waits for others, in milliseconds. */
  readonly lingerMs: number;
  /** When no event comes for this time, none are taken. */
  readonly quietMs: number;
}

/** A queue between one part of a program that adds and one that takes. */
export class Inbox {
  readonly #mostBytes: number;
  #events: WaitingEvent[] = [];
  #bytes = 0;
  /** No event has waited for longer than since then, in milliseconds of `elapsedMs`. */
  #waitingSince = 0;
  #lastId: string;
  #takenId: string;
  #end: { readonly error: unknown } | undefined;
  #waiters: (() => void)[] = [];

  /**
   * @param lastId the id before the first event
   * @param mostBytes when more wait, nothing is added; what was added at once may be more
   */
  constructor(lastId: string, mostBytes: number) {
    this.#mostBytes = mostBytes;
    this.#lastId = lastId;
    this.#takenId = lastId;
  }

  /** Adds events; resolves when there is room for more, or all has ended. */
  async add(events: readonly WaitingEvent[], lastId: string): Promise<void> {
    if (this.#events.length === 0) this.#waitingSince = elapsedMs();
    for (const event of events) {
      this.#events.push(event);
      this.#bytes += sizeOf(event);
    }
    this.#lastId = lastId;
    this.#tellChange();
    while (this.#isFull && this.#end === undefined) await this.#change();
  }

  /** Says that nothing more is added. @param error thrown to the taker when all events are taken; undefined for a good end */
  end(error?: unknown): void {
    this.#end ??= { error };
    this.#tellChange();
  }

  /** The next batch; undefined at the end. @throws the error of the end */
  async take({ count, lingerMs, quietMs }: TakeLimits): Promise<Taken | undefined> {
    const quietUntil = elapsedMs() + quietMs;
    while (this.#events.length === 0 && this.#end === undefined) {
      const leftMs = quietUntil - elapsedMs();
      if (leftMs <= 0) break;
      await this.#change(leftMs);
    }
    while (this.#events.length > 0 && this.#events.length < count && !this.#isFull) {
      const leftMs = this.#waitingSince + lingerMs - elapsedMs();
      if (leftMs <= 0 || this.#end !== undefined) break;
      await this.#change(leftMs);
    }
    return this.#takeNow(count);
  }

  #takeNow(count: number): Taken | undefined {
    const events = this.#events.slice(0, count);
    this.#events = this.#events.slice(count);
    for (const event of events) this.#bytes -= sizeOf(event);
    const lastId = this.#events.length === 0 ? this.#lastId : (events.at(-1)?.lastId ?? this.#takenId);
    const isOver = this.#end !== undefined && events.length === 0 && lastId === this.#takenId;
    this.#takenId = lastId;
    this.#tellChange();
    if (!isOver) return { events, lastId };
    if (this.#end?.error !== undefined) throw this.#end.error;
    return undefined;
  }

  get #isFull(): boolean {
    return this.#bytes >= this.#mostBytes;
  }

  /** Resolves when something changes, or the time is over. */
  #change(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, Math.min(ms, LONGEST_TIMER_MS));
      this.#waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #tellChange(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}

function sizeOf({ start, end }: WaitingEvent): number {
  return end - start + BESIDE_LINE;
}
