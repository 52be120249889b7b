/** Writes one object: compresses it if requested, and computes its hash and name. */

import type { Hash } from 'node:crypto';
import { once } from 'node:events';
import type { Gzip } from 'node:zlib';
import { later } from '../async/later.ts';
import { Failure, status } from '../failure.ts';
import { BadName, type Lake, type NewObject } from './lake.ts';
import type { NameTemplate, NameValues } from './object-name.ts';

const HASH_DIGITS = 16;

/** What all objects of a run share. */
export interface ObjectPlan {
  readonly lake: Lake;
  /** A string names the only object. */
  readonly template: NameTemplate | string;
  /** File extension such as `.csv.gz`; may be empty. */
  readonly ext: string;
  readonly isCompressed: boolean;
  /** Epoch milliseconds. */
  now(): number;
  explain(message: string): void;
  /** Names used so far, except those with a hash or batch. */
  readonly taken: Set<string>;
}

/** The values of the name that depend on the object's records. */
export type Contents = Pick<NameValues, 'batch' | 'folder' | 'record'>;

interface Parts {
  readonly object: NewObject;
  /** Undefined while the name depends on the hash. */
  readonly name: string | undefined;
  readonly hash: Hash | undefined;
  readonly gzip: Gzip | undefined;
}

export class ObjectWriter {
  readonly #plan: ObjectPlan;
  readonly #contents: Contents;
  readonly #parts: Parts;
  readonly #zipped: Promise<void>;

  /** Use `beginObject`. */
  constructor(plan: ObjectPlan, contents: Contents, parts: Parts) {
    this.#plan = plan;
    this.#contents = contents;
    this.#parts = parts;
    this.#zipped = later(this.#storeZipped());
  }

  /** The buffer may be reused afterwards. @throws Failure (I/O, unavailable, temporary) */
  async write(bytes: Buffer): Promise<void> {
    const { gzip } = this.#parts;
    if (gzip === undefined) return this.#store(bytes);
    if (!gzip.write(bytes)) await Promise.race([once(gzip, 'drain'), this.#zipped]);
  }

  /** Completes the object. @returns its address @throws Failure, (data) when a value makes an invalid name */
  async end(): Promise<string> {
    const { gzip, hash, object } = this.#parts;
    gzip?.end();
    await this.#zipped;
    const digits = hash?.digest('hex').slice(0, HASH_DIGITS) ?? '';
    try {
      const name = this.#parts.name ?? nameOf(this.#plan, this.#contents, digits);
      const address = this.#plan.lake.addressOf(name);
      claim(this.#plan, name, address);
      const done = await object.commit(name);
      if (done === 'present') this.#plan.explain(`${address}: already exists, with the same bytes`);
      return address;
    } catch (error) {
      throw attributed(this.#plan, this.#contents, error);
    }
  }

  /** Removes everything written; does nothing after `end`. */
  async discard(): Promise<void> {
    this.#parts.gzip?.destroy();
    await this.#parts.object.discard();
  }

  async #store(bytes: Buffer): Promise<void> {
    this.#parts.hash?.update(bytes);
    await this.#parts.object.write(bytes);
  }

  async #storeZipped(): Promise<void> {
    const { gzip } = this.#parts;
    if (gzip !== undefined) for await (const chunk of gzip) await this.#store(chunk);
  }
}

/** @throws Failure, (data) when a value makes an invalid name */
export async function beginObject(plan: ObjectPlan, contents: Contents): Promise<ObjectWriter> {
  const { template, isCompressed, lake } = plan;
  const needsHash = typeof template !== 'string' && template.has('hash');
  try {
    const name = needsHash ? undefined : nameOf(plan, contents, '');
    return new ObjectWriter(plan, contents, {
      object: await lake.begin(name),
      name,
      hash: needsHash ? (await import('node:crypto')).createHash('sha256') : undefined,
      // Reproducible: its header has no timestamp.
      gzip: isCompressed ? (await import('node:zlib')).createGzip() : undefined,
    });
  } catch (error) {
    throw attributed(plan, contents, error);
  }
}

function nameOf({ template, ext, now }: ObjectPlan, contents: Contents, hash: string): string {
  return typeof template === 'string' ? template : template.name({ ...contents, ext, hash, now: now() });
}

/** Reserves a name. @throws Failure (data) when an object of this run already has it */
function claim({ template, taken }: ObjectPlan, name: string, address: string): void {
  if (typeof template === 'string' || template.has('hash') || template.has('batch')) return;
  const message = `${address}: a second object has the same name: --name needs {hash} or {batch}`;
  if (taken.has(name)) throw new Failure(status.data, message);
  taken.add(name);
}

/** An invalid name is a usage error, unless a value from a record caused it. */
function attributed({ template }: ObjectPlan, { folder }: Contents, error: unknown): unknown {
  const isFromData = folder !== '' || (typeof template !== 'string' && template.needsRecord);
  return error instanceof BadName && isFromData
    ? new Failure(status.data, error.message, { cause: error })
    : error;
}
