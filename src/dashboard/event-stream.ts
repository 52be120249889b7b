/**
 * Server-Sent Events: a description of each series, at first of all (`hello`), then of those that changed (`change`).
 *
 * A listener that comes back says which event it saw last, and gets the series that changed since then: the number of
 * the last change is kept for each series, not the events. A listener that does not read is dropped; it will come back.
 * Memory: one text per series, and the bytes that a listener may fall behind.
 */

import { randomBytes } from 'node:crypto';
import { formatTime } from '../readings/time.ts';
import type { Series } from '../stores/reader.ts';
import { busy } from './request-body.ts';
import { HttpError } from './responses.ts';
import { seriesJson } from './row-json.ts';

const HEARTBEAT_MS = 15_000;
/** After how long a listener whose connection broke comes back. */
const RETRY_MS = 2000;
/** Changes within this time are one event. */
const PAUSE_MS = 100;
const MOST_LISTENERS = 1000;
/** Bytes that may wait for a listener. */
const MOST_BEHIND = 1 << 18;

interface Entry {
  readonly json: string;
  /** The number of the event that told it. */
  readonly number: number;
}

interface Listener {
  readonly stream: ReadableStreamDefaultController<Uint8Array>;
  /** Breaks the connection. */
  readonly drop: () => void;
}

interface EventSettings {
  series(): Promise<Series[]>;
  /** Called when the series could not be read. */
  failed(error: unknown): void;
  now(): number;
}

/** Tells its listeners when series change. */
export class EventStream {
  readonly #settings: EventSettings;
  /** An event of another process means nothing to this one. */
  readonly #boot = randomBytes(6).toString('hex');
  readonly #encoder = new TextEncoder();
  readonly #listeners = new Set<Listener>();
  readonly #heartbeat: NodeJS.Timeout;
  #pause: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #isStale = true;
  #isClosed = false;
  #entries = new Map<string, Entry>();
  /** The number of the last event. */
  #number = 0;
  /** The number of the last one that told all, since a series was gone. */
  #toldAll = 1;

  constructor(settings: EventSettings) {
    this.#settings = settings;
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
  }

  /** Number of open streams. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** To be called when the store may have changed: tells the listeners soon. */
  changed(): void {
    this.#isStale = true;
    if (this.#listeners.size === 0 || this.#pause !== undefined) return;
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#refresh().catch(this.#settings.failed);
    }, PAUSE_MS).unref();
  }

  /** Reads the series before anyone asks: with a large store that takes a while. */
  async prepare(): Promise<void> {
    await this.#refresh();
  }

  /** Answers with a stream of events. @throws HttpError (503) when there are too many, and what reading the series throws */
  async listen(lastId: string | undefined, drop: () => void): Promise<Response> {
    if (this.#listeners.size >= MOST_LISTENERS)
      throw new HttpError(503, 'too many listeners', { 'retry-after': '60' });
    await this.#refresh();
    if (this.#isClosed) throw busy('the server ends');
    let listener: Listener | undefined;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (stream) => {
          listener = { stream, drop };
          this.#listeners.add(listener);
          stream.enqueue(this.#encoder.encode(`retry: ${RETRY_MS}\n\n${this.#missed(lastId)}`));
        },
        cancel: () => {
          if (listener) this.#listeners.delete(listener);
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MOST_BEHIND }),
    );
    // A change may have come while the series were read.
    if (this.#isStale) this.changed();
    // A proxy must not wait for more.
    const headers = {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    };
    return new Response(body, { headers });
  }

  /** Ends all streams. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#pause);
    for (const { stream } of this.#listeners) stream.close();
    this.#listeners.clear();
  }

  #beat(): void {
    this.#send(': still here\n\n');
    // Reading failed, or a change came while nobody listened.
    if (this.#isStale) this.changed();
  }

  /** Reads the series unless nothing has changed; those who ask meanwhile wait for the same answer. */
  async #refresh(): Promise<void> {
    if (!this.#isStale && this.#reading === undefined) return;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  async #read(): Promise<void> {
    this.#isStale = false;
    try {
      this.#tell(await this.#settings.series());
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
  }

  #tell(series: readonly Series[]): void {
    const before = this.#entries;
    const number = this.#number + 1;
    this.#entries = new Map();
    for (const each of series) {
      const key = JSON.stringify([each.sensor, each.window]);
      const json = seriesJson(each);
      const known = before.get(key);
      this.#entries.set(key, known?.json === json ? known : { json, number });
    }
    const isGone = [...before.keys()].some((key) => !this.#entries.has(key));
    if (!isGone && this.#since(this.#number).length === 0) return;
    this.#number = number;
    if (isGone) this.#toldAll = number;
    this.#send(isGone ? this.#hello() : this.#change(number - 1));
  }

  #missed(lastId: string | undefined): string {
    const [, boot, digits] = /^([0-9a-f]+)-(\d{1,15})$/.exec(lastId ?? '') ?? [];
    const last = Number(digits);
    if (boot !== this.#boot || last < this.#toldAll || last > this.#number) return this.#hello();
    return this.#since(last).length === 0 ? '' : this.#change(last);
  }

  #hello(): string {
    return this.#event('hello', [...this.#entries.values()]);
  }

  #change(last: number): string {
    return this.#event('change', this.#since(last));
  }

  #since(last: number): Entry[] {
    return [...this.#entries.values()].filter(({ number }) => number > last);
  }

  #event(name: string, entries: readonly Entry[]): string {
    const now = formatTime(this.#settings.now());
    const series = entries.map(({ json }) => json).join(',');
    return `event: ${name}\nid: ${this.#boot}-${this.#number}\ndata: {"now":"${now}","series":[${series}]}\n\n`;
  }

  /** The same bytes to all. */
  #send(text: string): void {
    const bytes = this.#encoder.encode(text);
    for (const listener of this.#listeners) {
      if ((listener.stream.desiredSize ?? 0) > 0) listener.stream.enqueue(bytes);
      else {
        this.#listeners.delete(listener);
        listener.drop();
      }
    }
  }
}
