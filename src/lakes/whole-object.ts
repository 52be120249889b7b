/** Stores a byte stream as one object. */

import { Failure, status } from '../failure.ts';
import { parseJson } from '../lines/json.ts';
import { LONGEST_LINE } from '../lines/limits.ts';
import { beginObject, type ObjectPlan, type ObjectWriter } from './object-writer.ts';

const NEWLINE = 10;

interface Settings {
  readonly objects: ObjectPlan;
  /** The name of the batch; empty for none. */
  readonly batch: string;
  /** Whether the name depends on the first line. */
  readonly needsRecord: boolean;
}

/** An object that begins with its first bytes. */
export class WholeObject {
  readonly #settings: Settings;
  #writer: ObjectWriter | undefined;
  /** Bytes buffered until the first line is complete. */
  #head: Buffer[] = [];
  #length = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** @throws Failure */
  async add(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    if (this.#writer !== undefined) return this.#writer.write(bytes);
    this.#head.push(bytes);
    this.#length += bytes.length;
    if (!this.#settings.needsRecord || this.#length > LONGEST_LINE || bytes.includes(NEWLINE))
      await this.#begin();
  }

  /**
   * Completes it, unless it is empty and not allowed to be. @returns its address; undefined without object @throws
   * Failure
   */
  async end(allowsEmpty: boolean): Promise<string | undefined> {
    if (this.#writer === undefined && (this.#length > 0 || allowsEmpty)) await this.#begin();
    return this.#writer?.end();
  }

  /** Removes everything written; does nothing after `end`. */
  async discard(): Promise<void> {
    await this.#writer?.discard();
  }

  async #begin(): Promise<void> {
    const { objects, batch, needsRecord } = this.#settings;
    const head = Buffer.concat(this.#head);
    const record = needsRecord ? firstRecord(head) : undefined;
    this.#writer = await beginObject(objects, { batch, folder: '', record });
    this.#head = [];
    if (head.length > 0) await this.#writer.write(head);
  }
}

/** @throws Failure (data) */
function firstRecord(head: Buffer): unknown {
  const end = head.indexOf(NEWLINE);
  const value = parseJson(head.toString('utf8', 0, end < 0 ? head.length : end))?.value;
  if (typeof value === 'object' && value !== null) return value;
  throw new Failure(status.data, 'the first line is not JSON, but --name uses a field of it');
}
