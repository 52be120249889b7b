/** A bounded queue of events between a stream and its consumer. */

import { elapsedMs } from '../async/clock.ts';
import { LONGEST_TIMER_MS } from '../async/time-limit.ts';

/** Memory of an event besides its line, in bytes. */
const OVERHEAD = 400;

/** A queued event. Events share a buffer, because a buffer of its own would take more memory than most lines. */
export interface WaitingEvent {
  readonly bytes: Buffer;
  /** The offsets of its line, with newline. */
  readonly start: number;
  readonly end: number;
  /** The last event id after it. */
  readonly lastId: string;
  /** Identifies a repeat of the event; undefined without an id of its own. */
  readonly fingerprint: string | undefined;
}

/** The lines of events in order; adjacent slices are merged. */
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

/** Events taken from the inbox. */
export interface Taken {
  /** Empty when none have arrived for a while, or at the end, if the id has changed. */
  readonly events: readonly WaitingEvent[];
  /** The last event id after them, and after all later events that were filtered out. */
  readonly lastId: string;
}

interface TakeLimits {
  /** Maximum number of events in a batch. */
  readonly count: number;
  /** How long the first event waits for more, in milliseconds. */
  readonly lingerMs: number;
  /** How long to wait before returning no events, in milliseconds. */
  readonly quietMs: number;
}

export class Inbox {
  readonly #mostBytes: number;
  #events: WaitingEvent[] = [];
  #bytes = 0;
  /** When the first waiting event arrived, or earlier, in elapsed milliseconds. */
  #waitingSince = 0;
  #lastId: string;
  #takenId: string;
  #end: { readonly error: unknown } | undefined;
  #waiters: (() => void)[] = [];

  /**
   * @param lastId the last event id before the first event
   * @param mostBytes memory limit: `add` blocks above it; a single call may exceed it
   */
  constructor(lastId: string, mostBytes: number) {
    this.#mostBytes = mostBytes;
    this.#lastId = lastId;
    this.#takenId = lastId;
  }

  /** Adds events; resolves when there is room for more, or at the end. */
  async add(events: readonly WaitingEvent[], lastId: string): Promise<void> {
    if (this.#events.length === 0) this.#waitingSince = elapsedMs();
    for (const event of events) {
      this.#events.push(event);
      this.#bytes += sizeOf(event);
    }
    this.#lastId = lastId;
    this.#notify();
    while (this.#isFull && this.#end === undefined) await this.#change();
  }

  /** Ends the inbox. @param error thrown by `take` after the last event; undefined for a normal end */
  end(error?: unknown): void {
    this.#end ??= { error };
    this.#notify();
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
    this.#notify();
    if (!isOver) return { events, lastId };
    if (this.#end?.error !== undefined) throw this.#end.error;
    return undefined;
  }

  get #isFull(): boolean {
    return this.#bytes >= this.#mostBytes;
  }

  /** Resolves on the next change, or after the time. */
  #change(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, Math.min(ms, LONGEST_TIMER_MS));
      this.#waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #notify(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}

function sizeOf({ start, end }: WaitingEvent): number {
  return end - start + OVERHEAD;
}
