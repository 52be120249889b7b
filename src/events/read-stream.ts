/** Reads an event stream for ever, and reconnects as needed. Reads on demand: a slow consumer slows the server down. */

import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { elapsedMs } from '../async/clock.ts';
import { Failure, status } from '../failure.ts';
import { NotNow } from '../http/request.ts';
import { quote } from '../lines/line.ts';
import { type Answer, type Ask, connect } from './connect.ts';
import { Connection } from './connection.ts';
import { EventParser, type ParsedEvent } from './event-parser.ts';
import { connected, type History, type Loss, nextTry, noHistory, received, withRetry } from './reconnect.ts';

/** Events that arrived together. */
export interface Chunk {
  /** May be empty after a comment or a bare id. */
  readonly events: readonly ParsedEvent[];
  /** The last event id after them. */
  readonly lastId: string;
}

/** How to read a stream. */
export interface StreamSettings extends Pick<Ask, 'endpoint' | 'headers' | 'ownHeaders'> {
  /** The event id to resume after; empty for none. */
  readonly lastId: string;
  /** Milliseconds since the stream was last read; undefined for the first time. */
  readonly awayMs: number | undefined;
  /** Where to start without an id or an earlier event; undefined: now. */
  readonly sinceUrl: URL | undefined;
  /** Idle timeout of a connection. */
  readonly idleMs: number;
  /** How long connection attempts may fail in a row. */
  readonly waitMs: number;
  /** A longer gap causes a warning. */
  readonly warnGapMs: number;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  warn(message: string): void;
  explain(message: string): void;
}

/**
 * The chunks of a stream, until the server ends it for good, or the signal.
 *
 * @throws Failure (unavailable) when the server refuses, (temporary) without a connection for `waitMs`
 */
export function readStream(settings: StreamSettings): AsyncGenerator<Chunk> {
  return new EventStream(settings).read();
}

class EventStream {
  readonly #settings: StreamSettings;
  #history: History = noHistory;
  #lastId: string;
  #hasEvents: boolean;
  /** When the last connection ended, in elapsed milliseconds. */
  #endedAt: number | undefined;
  /** What to report with the first event of this connection. */
  #resumed: { readonly awayMs: number; readonly before: string } | undefined;
  /** Whether the loss of the connection was reported. */
  #hasWarned = false;
  #reportsBadIds = true;

  constructor(settings: StreamSettings) {
    this.#settings = settings;
    this.#lastId = settings.lastId;
    this.#hasEvents = settings.awayMs !== undefined;
    if (settings.awayMs !== undefined) this.#endedAt = elapsedMs() - settings.awayMs;
  }

  async *read(): AsyncGenerator<Chunk> {
    const { signal, endpoint, idleMs } = this.#settings;
    while (!signal.aborted) {
      const connection = new Connection(endpoint.shown, signal, idleMs);
      let loss: Loss = { kind: 'ended' };
      try {
        const answer = await this.#connect(connection);
        if (answer.kind === 'over') return;
        if (answer.kind === 'stream') yield* this.#readBody(answer.body, connection);
        else loss = answer;
      } finally {
        connection.close();
      }
      await this.#pause(loss);
    }
  }

  /** Reports why there is no connection. @throws Failure (unavailable) */
  async #connect(connection: Connection): Promise<Answer | Loss> {
    const { signal } = this.#settings;
    try {
      const answer = await connection.limited(connect(this.#ask(connection.signal)));
      if (answer.kind === 'stream') this.#begin();
      if (answer.kind === 'not now') this.#reportLoss(answer.message);
      return answer;
    } catch (error) {
      if (signal.aborted) return { kind: 'over' };
      if (!(error instanceof NotNow)) throw error;
      this.#reportLoss(error.message);
      return { kind: 'unreachable' };
    }
  }

  #ask(signal: AbortSignal): Ask {
    const { endpoint, headers, ownHeaders, sinceUrl } = this.#settings;
    const url = this.#lastId === '' && !this.#hasEvents ? (sinceUrl ?? endpoint.url) : endpoint.url;
    return { endpoint: { ...endpoint, url }, headers, ownHeaders, lastId: this.#lastId, signal };
  }

  /** The first failure is a warning; a server that closes a stream after some minutes is normal. */
  #reportLoss(message: string): void {
    const { warn, explain } = this.#settings;
    const say = this.#hasWarned ? explain : warn;
    say(`${message}: trying again`);
    this.#hasWarned = true;
  }

  #begin(): void {
    this.#history = connected(this.#history);
    this.#hasWarned = false;
    if (this.#endedAt !== undefined)
      this.#resumed = { awayMs: elapsedMs() - this.#endedAt, before: this.#lastId };
  }

  /** Ends when the body ends, breaks off, or is idle. */
  async *#readBody(body: Readable, connection: Connection): AsyncGenerator<Chunk> {
    const { endpoint, explain, signal } = this.#settings;
    const parser = new EventParser(this.#lastId, (problem) => this.#refuseId(problem));
    for await (const bytes of connection.chunks(body)) {
      const events = parser.feed(bytes);
      this.#lastId = parser.lastId;
      this.#learn(parser, events);
      yield { events, lastId: this.#lastId };
    }
    parser.end();
    this.#learn(parser, []);
    this.#endedAt = elapsedMs();
    if (!signal.aborted) explain(`${endpoint.shown}: ${connection.endText}`);
  }

  #learn({ retryMs }: EventParser, [first]: readonly ParsedEvent[]): void {
    if (retryMs !== undefined) this.#history = withRetry(this.#history, retryMs);
    if (first === undefined) return;
    this.#history = received(this.#history);
    this.#hasEvents = true;
    if (this.#resumed !== undefined) this.#reportResumed(this.#resumed, first);
    this.#resumed = undefined;
  }

  #reportResumed({ awayMs, before }: { awayMs: number; before: string }, first: ParsedEvent): void {
    const { endpoint, warn, explain, warnGapMs } = this.#settings;
    const say = awayMs > warnGapMs ? warn : explain;
    const seconds = (awayMs / 1000).toFixed(1);
    const ids = `last id before ${shownId(before)}, first after ${shownId(first.lastId)}`;
    say(`${endpoint.shown}: resumed after ${seconds} s: ${ids}`);
  }

  #refuseId(problem: string): void {
    const { endpoint, warn } = this.#settings;
    if (this.#reportsBadIds) warn(`${endpoint.shown}: an id is not used: it is ${problem}`);
    this.#reportsBadIds = false;
  }

  /** @throws Failure (temporary) when the server was away for too long */
  async #pause(loss: Loss): Promise<void> {
    const { endpoint, waitMs, signal } = this.#settings;
    const next = nextTry(this.#history, loss, { now: elapsedMs(), waitMs });
    if (next === undefined)
      throw new Failure(status.temporary, `${endpoint.shown}: no connection for ${waitMs / 1000} s (--wait)`);
    this.#history = next.history;
    await sleep(next.pauseMs, undefined, { signal }).catch(() => {});
  }
}

function shownId(id: string): string {
  return id === '' ? 'none' : quote(id);
}
