/**
 * Tracks which series changed since which event. Memory: a digest per series, and the descriptions of recent changes.
 */

import { createHash } from 'node:crypto';
import type { Series } from '../stores/reader.ts';
import type { Describe } from './series-list.ts';

/** Changes of series beyond this many are not noticed. */
const MAX_FOLLOWED = 10_000;
/** Maximum characters of descriptions that are kept, and of those in one event. */
const MAX_TOLD = 1 << 20;

interface Entry {
  readonly digest: string;
  /** The description as JSON; undefined if it is not kept. */
  readonly json: string | undefined;
  /** Number of the event that announced it. */
  readonly number: number;
}

/** Content of an event: descriptions of the changed series as JSON, or `list` if only the list of all series has them. */
export type Told = readonly string[] | 'list';

/** Compares the series with their last state. */
export class SeriesChanges {
  readonly #describe: Describe;
  #entries: ReadonlyMap<string, Entry> = new Map();
  #wasRead = false;
  #number = 0;
  /** Clients that last saw an earlier event than this need the list: what they missed is no longer kept. */
  #oldest = 1;

  constructor(describe: Describe) {
    this.#describe = describe;
  }

  /** The number of the last event. */
  get number(): number {
    return this.#number;
  }

  /** Takes the series as they are now. @returns the content of a new event; undefined if nothing has changed */
  async update(pages: AsyncIterable<Series[]>): Promise<Told | undefined> {
    const entries = await this.#described(pages);
    const isGone = [...this.#entries.keys()].some((key) => !entries.has(key));
    const changes = [...entries.values()].filter(({ number }) => number > this.#number);
    const isList = !this.#wasRead || isGone || changes.some(({ json }) => json === undefined);
    this.#wasRead = true;
    if (!isGone && changes.length === 0) return undefined;
    this.#number += 1;
    if (isList) this.#oldest = this.#number;
    this.#entries = this.#kept(entries);
    return isList ? 'list' : changes.map(({ json = '' }) => json);
  }

  /** The content of an event for a client that saw this one last. */
  since(number: number): Told {
    if (!(number >= this.#oldest && number <= this.#number)) return 'list';
    const changes = [...this.#entries.values()].filter((entry) => entry.number > number);
    return changes.map(({ json = '' }) => json);
  }

  async #described(pages: AsyncIterable<Series[]>): Promise<Map<string, Entry>> {
    const number = this.#number + 1;
    const entries = new Map<string, Entry>();
    let length = 0;
    for await (const page of pages)
      for (const series of page) {
        if (entries.size === MAX_FOLLOWED) return entries;
        const key = JSON.stringify([series.sensor, series.window]);
        const json = this.#describe(series);
        const digest = createHash('sha256').update(json).digest('base64');
        const known = this.#entries.get(key);
        const isSame = known?.digest === digest;
        if (!isSame) length += json.length;
        entries.set(key, isSame ? known : { digest, number, json: length <= MAX_TOLD ? json : undefined });
      }
    return entries;
  }

  /** Drops descriptions that no event needs any more, and those of older changes if there are too many. */
  #kept(entries: ReadonlyMap<string, Entry>): ReadonlyMap<string, Entry> {
    const length = [...entries.values()].reduce((sum, { json = '' }) => sum + json.length, 0);
    if (length > MAX_TOLD) this.#oldest = Math.max(this.#oldest, this.#number - 1);
    const forget = (entry: Entry) => (entry.number <= this.#oldest ? { ...entry, json: undefined } : entry);
    return new Map([...entries].map(([key, entry]) => [key, forget(entry)]));
  }
}
