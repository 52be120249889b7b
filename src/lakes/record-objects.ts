/**
 * Groups records into objects: one object per batch, or one per partition of it.
 *
 * Memory: 8 million characters, plus about 100 KB for each open object larger than a block, at most 100 of them. Beyond
 * that, the least recently used object is completed; later records for its folder begin another object.
 */

import { parseJson } from '../lines/json.ts';
import { beginObject, type ObjectPlan, type ObjectWriter } from './object-writer.ts';
import type { LakeRecord } from './record.ts';

/** Characters to buffer before a write. */
const BLOCK = 1 << 16;
const MAX_CHARACTERS = 1 << 23;
const MAX_WRITERS = 100;

interface Settings {
  /** The first line of each object. */
  readonly header: string;
  /** Whether records go to several objects. */
  readonly isDivided: boolean;
  readonly objects: ObjectPlan;
  /** The batch name of an object, by the input index of its first record. */
  batchName(first: number): string;
}

interface OpenObject {
  readonly folder: string;
  readonly batch: string;
  readonly firstLine: string;
  /** Undefined while the whole object is in `text`. */
  writer: ObjectWriter | undefined;
  text: string;
  records: number;
}

interface Completed {
  readonly address: string;
  /** Number of records. */
  readonly records: number;
}

/** Completes an object. May run concurrently with others. @throws Failure */
export type Completion = () => Promise<Completed>;

/** The open objects of a run. */
export class RecordObjects {
  readonly #settings: Settings;
  /** By folder, least recently used first. */
  readonly #open = new Map<string, OpenObject>();
  /** Total length of `text`. */
  #characters = 0;
  #writers = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** @param index of the record in the input @returns completions, if any are needed @throws Failure */
  add(record: LakeRecord, index: number): AsyncGenerator<Completion> | undefined {
    const open = this.#open.get(record.folder) ?? this.#begin(record, index);
    open.text += record.text;
    open.records++;
    this.#characters += record.text.length;
    if (this.#settings.isDivided) {
      this.#open.delete(record.folder);
      this.#open.set(record.folder, open);
    }
    return open.text.length < BLOCK && this.#characters < MAX_CHARACTERS ? undefined : this.#makeRoom(open);
  }

  /** Completions of all objects, least recently used first. @throws Failure */
  async *completeAll(): AsyncGenerator<Completion> {
    for (const open of [...this.#open.values()]) yield await this.#complete(open);
  }

  /** Removes all incomplete objects. */
  async discard(): Promise<void> {
    for (const { writer } of this.#open.values()) await writer?.discard();
    this.#open.clear();
  }

  #begin({ folder, line }: LakeRecord, index: number): OpenObject {
    const batch = this.#settings.batchName(index);
    const text = this.#settings.header;
    const open = { folder, batch, firstLine: line, writer: undefined, text, records: 0 };
    this.#characters += open.text.length;
    this.#open.set(folder, open);
    return open;
  }

  async *#makeRoom(latest: OpenObject): AsyncGenerator<Completion> {
    if (latest.text.length >= BLOCK) {
      const oldest = [...this.#open.values()].find((open) => open.writer !== undefined && open !== latest);
      const isFull = latest.writer === undefined && this.#writers >= MAX_WRITERS;
      if (isFull && oldest !== undefined) yield await this.#complete(oldest);
      await this.#flush(latest);
    }
    for (const open of this.#open.values()) {
      if (this.#characters < MAX_CHARACTERS) break;
      yield await this.#complete(open);
    }
  }

  async #complete(open: OpenObject): Promise<Completion> {
    const writer = await this.#flush(open);
    this.#open.delete(open.folder);
    this.#writers--;
    return async () => {
      try {
        return { address: await writer.end(), records: open.records };
      } finally {
        await writer.discard();
      }
    };
  }

  async #flush(open: OpenObject): Promise<ObjectWriter> {
    const { folder, batch, firstLine } = open;
    if (open.writer === undefined) {
      const record = parseJson(firstLine)?.value;
      open.writer = await beginObject(this.#settings.objects, { batch, folder, record });
      this.#writers++;
    }
    const bytes = Buffer.from(open.text);
    this.#characters -= open.text.length;
    open.text = '';
    await open.writer.write(bytes);
    return open.writer;
  }
}
