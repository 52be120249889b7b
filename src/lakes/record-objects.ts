/**
 * Puts records into objects: one for all records of a batch, or one for each folder that they are divided into.
 *
 * Memory: some 100 KB for each object that is open. When too many are, the one that got no record for the longest time is
 * completed; a later record for its folder begins another object.
 */

import { parseJson } from '../lines/json.ts';
import { beginObject, type ObjectPlan, type ObjectWriter } from './object-writer.ts';
import type { LakeRecord } from './record.ts';

/** Characters that are collected before they are written. */
const BLOCK = 1 << 16;
const MOST_OPEN = 100;

interface Settings {
  /** The first line of each object. */
  readonly header: string;
  /** Whether records go to several objects at once. */
  readonly isDivided: boolean;
  readonly objects: ObjectPlan;
  /** The name of the batch for an object, by the index in the input of its first record. */
  batchName(first: number): string;
}

interface OpenObject {
  readonly writer: ObjectWriter;
  text: string;
}

/** The objects of one run. */
export class RecordObjects {
  readonly #settings: Settings;
  /** By folder; the one that got the latest record is last. */
  readonly #open = new Map<string, OpenObject>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** @param index of the record in the input @returns the address of an object that is complete @throws Failure */
  add(record: LakeRecord, index: number): Promise<string | undefined> | undefined {
    const open = this.#open.get(record.folder);
    if (open === undefined) return this.#begin(record, index);
    open.text += record.text;
    if (this.#settings.isDivided) {
      this.#open.delete(record.folder);
      this.#open.set(record.folder, open);
    }
    return open.text.length < BLOCK ? undefined : flush(open);
  }

  /** Completes all objects, in the order of their folders' latest records. @returns their addresses @throws Failure */
  async *completeAll(): AsyncGenerator<string> {
    for (const folder of [...this.#open.keys()]) yield await this.#complete(folder);
  }

  /** Leaves nothing behind of objects that are not complete. */
  async discard(): Promise<void> {
    for (const { writer } of this.#open.values()) await writer.discard();
    this.#open.clear();
  }

  async #begin({ text, folder, line }: LakeRecord, index: number): Promise<string | undefined> {
    const [oldest] = this.#open.keys();
    const done =
      this.#open.size >= MOST_OPEN && oldest !== undefined ? await this.#complete(oldest) : undefined;
    const batch = this.#settings.batchName(index);
    const writer = await beginObject(this.#settings.objects, {
      batch,
      folder,
      record: parseJson(line)?.value,
    });
    this.#open.set(folder, { writer, text: this.#settings.header + text });
    return done;
  }

  async #complete(folder: string): Promise<string> {
    const open = this.#open.get(folder);
    if (open === undefined) throw new RangeError(`no object is open for ${folder}`);
    await flush(open);
    const address = await open.writer.end();
    this.#open.delete(folder);
    return address;
  }
}

async function flush(open: OpenObject): Promise<undefined> {
  const bytes = Buffer.from(open.text);
  open.text = '';
  await open.writer.write(bytes);
}
