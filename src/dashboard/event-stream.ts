/**
 * Server-Sent Events: first the list of all series (`hello`), then descriptions of those that changed (`change`).
 *
 * A listener that reconnects names the last event it saw, and gets the series that changed since then, or the list again if
 * those changes are no longer kept. Memory: recent changes, the list, and the backlog allowed to each listener.
 */

import { randomBytes } from 'node:crypto';
import { elapsedMs } from '../async/clock.ts';
import { formatTime } from '../readings/time.ts';
import type { Series } from '../stores/reader.ts';
import { HEARTBEAT_MS, Listeners } from './listeners.ts';
import { SeriesChanges, type Told } from './series-changes.ts';
import type { Describe } from './series-list.ts';
import type { Shares } from './shares.ts';

/** Changes within this time are coalesced into one event. */
const PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** Reading the series of a large store may take one part in this many of the time, up to the longest pause. */
const PARTS = 5;

interface EventSettings {
  /** All series, page by page. */
  series(): AsyncIterable<Series[]>;
  readonly describe: Describe;
  /** The beginning of the list of all series, as JSON: the members of `hello` besides `now`. */
  list(): Promise<string>;
  /** Called if the series cannot be read. */
  failed(error: unknown): void;
  now(): number;
}

/** Tells its listeners when series change. */
export class EventStream {
  readonly #settings: EventSettings;
  /** Part of event IDs: those of another server process mean nothing to this one. */
  readonly #boot = randomBytes(6).toString('hex');
  readonly #encoder = new TextEncoder();
  readonly #listeners: Listeners;
  readonly #heartbeat: NodeJS.Timeout;
  #pause: NodeJS.Timeout | undefined;
  #pauseMs = PAUSE_MS;
  #reading: Promise<void> | undefined;
  #isStale = true;
  readonly #changes: SeriesChanges;
  /** The list as of an event number, encoded once for all listeners. */
  #list: { readonly number: number; readonly bytes: Uint8Array } | undefined;

  /** @param shares quotas for listeners of all kinds */
  constructor(settings: EventSettings, shares: Shares) {
    this.#settings = settings;
    this.#changes = new SeriesChanges(settings.describe);
    this.#listeners = new Listeners(shares);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
  }

  /** To be called when the store may have changed: notifies the listeners soon. */
  changed(): void {
    this.#isStale = true;
    if (this.#listeners.count === 0 || this.#pause !== undefined) return;
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#refresh().catch(this.#settings.failed);
    }, this.#pauseMs).unref();
  }

  /** Reads the series ahead of the first listener: with a large store that takes a while. */
  async prepare(): Promise<void> {
    await this.#refresh();
  }

  /**
   * Answers with a stream of events.
   *
   * @throws HttpError (429, 503) when there are too many, and what reading the series throws
   */
  async listen(lastId: string | undefined, client: string, drop: () => void): Promise<Response> {
    this.#listeners.mustTake(client);
    try {
      await this.#refresh();
      const response = this.#listeners.add(client, drop, await this.#missed(lastId));
      // The store may have changed while the series were read.
      if (this.#isStale) this.changed();
      return response;
    } catch (error) {
      this.#listeners.give(client);
      throw error;
    }
  }

  /** Ends all streams. */
  close(): void {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#pause);
    this.#listeners.close();
  }

  #beat(): void {
    this.#listeners.beat();
    // Reading failed, or a change came while nobody listened.
    if (this.#isStale) this.changed();
  }

  /** Reads the series if they may have changed; concurrent calls share one read. */
  async #refresh(): Promise<void> {
    if (!this.#isStale && this.#reading === undefined) return;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  async #read(): Promise<void> {
    this.#isStale = false;
    const begun = elapsedMs();
    try {
      const told = await this.#changes.update(this.#settings.series());
      if (told !== undefined && this.#listeners.count > 0) this.#listeners.send(await this.#event(told));
    } catch (error) {
      this.#isStale = true;
      throw error;
    } finally {
      const fair = (PARTS - 1) * (elapsedMs() - begun);
      this.#pauseMs = Math.min(Math.max(PAUSE_MS, fair), LONGEST_PAUSE_MS);
    }
  }

  /** The events that a listener has missed. */
  async #missed(lastId: string | undefined): Promise<Uint8Array[]> {
    const [, boot, digits] = /^([0-9a-f]+)-(\d{1,15})$/.exec(lastId ?? '') ?? [];
    const told = boot === this.#boot ? this.#changes.since(Number(digits)) : 'list';
    return told.length === 0 ? [] : this.#event(told);
  }

  async #event(told: Told): Promise<Uint8Array[]> {
    if (told === 'list') return this.#hello();
    return [this.#encoder.encode(`${this.#begin('change')}"series":[${told.join(',')}]}\n\n`)];
  }

  async #hello(): Promise<Uint8Array[]> {
    let number: number;
    do {
      number = this.#changes.number;
      if (this.#list?.number !== number)
        this.#list = { number, bytes: this.#encoder.encode(await this.#settings.list()) };
      // The list must be as of the event ID sent with it, so that no later change is missed.
    } while (number !== this.#changes.number);
    return [this.#encoder.encode(this.#begin('hello')), this.#list.bytes, this.#encoder.encode('}\n\n')];
  }

  #begin(name: string): string {
    const now = formatTime(this.#settings.now());
    return `event: ${name}\nid: ${this.#boot}-${this.#changes.number}\ndata: {"now":"${now}",`;
  }
}
