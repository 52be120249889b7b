/**
 * A queue in a file: SQLite in WAL mode, durable when a method returns.
 *
 * `PATH#dead` addresses the dead letters of `PATH`, in the same file, so that burying a message is one transaction. The
 * first put makes the file; a taker waits for it. Messages with keys are in partitions 1 to 8, or as many as
 * `queue-make` sets.
 */

import { Bell } from '../../async/bell.ts';
import { elapsedMs } from '../../async/clock.ts';
import { SqliteDatabase } from '../../databases/sqlite-database.ts';
import { Failure, status } from '../../failure.ts';
import { resolveTarget } from '../../files/resolve-target.ts';
import { quote } from '../../lines/line.ts';
import type { QueueSettings, Shape } from '../driver.ts';
import {
  type Message,
  type PeekedMessage,
  type Position,
  PutFailure,
  type PutOptions,
  type PutResult,
  type Queue,
  type QueueStat,
  type TakenBatch,
  type TakeRequest,
} from '../queue.ts';
import { Commits, type OpenQueueFile } from './commits.ts';
import { Group } from './groups.ts';
import { Leases } from './leases.ts';
import { openQueueFile } from './schema.ts';
import { peekFile, statsOf } from './stats.ts';
import { FileTaker } from './taker.ts';
import { trimTaken } from './trim.ts';

/** Poll interval of a put that waits for room. */
const ROOM_MS = 20;

/** Maximum number of blocks to delete per transaction after a seek. */
const BLOCKS_PER_TRIM = 20_000;

export const defaultShape: Shape = {
  partitions: undefined,
  replication: undefined,
  keep: undefined,
  maxBytes: undefined,
};

/** Does no I/O yet. @param address the path; with `#dead` at its end, the dead letters */
export function openFile(address: string, settings: QueueSettings): Queue {
  return new FileQueue(address, settings);
}

class FileQueue implements Queue {
  readonly #name: string;
  readonly #path: string;
  readonly #isDead: boolean;
  readonly #settings: QueueSettings;
  readonly #database: SqliteDatabase;
  readonly #commits: Commits;
  readonly #taker: FileTaker;
  /** Rings when this process changes the queue. */
  readonly #changed = new Bell();
  #leases: Promise<Leases> | undefined;
  /** Whether a missing file may be created. */
  #mayMake = false;

  constructor(address: string, settings: QueueSettings) {
    this.#name = address;
    this.#isDead = address.endsWith('#dead');
    this.#path = this.#isDead ? address.slice(0, -'#dead'.length) : address;
    this.#settings = settings;
    this.#database = new SqliteDatabase(this.#path, (path) =>
      openQueueFile(path, this.#mayMake ? defaultShape : undefined),
    );
    this.#commits = new Commits(this.#database, { name: address, ...settings });
    const changed = this.#changed;
    const leases = () => this.#openLeases();
    this.#taker = new FileTaker(this.#commits, {
      isDead: this.#isDead,
      changed,
      leases,
      now: () => settings.now(),
    });
  }

  async put(messages: readonly Message[], options: PutOptions): Promise<PutResult> {
    let repeated = 0;
    let done = 0;
    const begun = elapsedMs();
    try {
      while (done < messages.length) {
        const part = await this.#putSome(messages.slice(done), options);
        this.#changed.ring();
        done += part.count;
        repeated += part.repeated;
        if (part.count > 0) continue;
        const isOver = this.#settings.signal.aborted || elapsedMs() - begun >= this.#settings.waitMs;
        if (isOver) throw new Failure(status.temporary, `${this.#name}: full (--max-bytes)`);
        await this.#changed.wait(ROOM_MS, this.#settings.signal);
      }
      return { stored: done - repeated, repeated };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new PutFailure(error.status, error.message, done, { cause: error });
    }
  }

  /** Puts as many messages as there is room for, from the first on. */
  #putSome(messages: readonly Message[], options: PutOptions): Promise<{ count: number; repeated: number }> {
    this.#mayMake = true;
    return this.#commits.run((file) => {
      const blocks = this.#blocks(file);
      let count = blocks.fitting(messages);
      if (count < messages.length) {
        // Retention applies only while there is room.
        for (let at = 0; at < blocks.partitions; at++) trimTaken(blocks, at, { now: undefined });
        count = blocks.fitting(messages);
      }
      const part = count === messages.length ? messages : messages.slice(0, count);
      return { count, repeated: blocks.put(part, options, this.#settings.now()) };
    }, false);
  }

  take(request: TakeRequest): Promise<TakenBatch | undefined> {
    return this.#taker.take(request);
  }

  peek(group: string | undefined): AsyncIterable<PeekedMessage> {
    return peekFile(this.#commits, this.#isDead, group);
  }

  async seek(name: string, position: Position): Promise<void> {
    const leases = await this.#openLeases();
    await this.#commits.run((file) => {
      const group = new Group(this.#blocks(file), name);
      if (group.owners().some((owner) => leases.isHeld(owner)))
        throw new Failure(status.temporary, `group ${quote(name)} has leased messages`);
      group.moveTo(position);
    }, false);
    for (let partition = 0, isMore = true; isMore; )
      isMore = await this.#commits.run((file) => {
        const blocks = this.#blocks(file);
        if (!trimTaken(blocks, partition, { now: this.#settings.now(), most: BLOCKS_PER_TRIM })) partition++;
        return partition < blocks.partitions;
      }, false);
  }

  async stats(): Promise<QueueStat[]> {
    const leases = await this.#openLeases();
    return this.#commits.read((file) => statsOf(file, this.#isDead, leases, this.#settings.now()));
  }

  async assertPutable(): Promise<void> {}

  async assertBuriable(): Promise<void> {}

  async close(): Promise<void> {
    this.#taker.leave();
    await this.#database.close(this.#settings.signal.aborted);
  }

  #blocks(file: OpenQueueFile) {
    return this.#isDead ? file.dead : file.alive;
  }

  async #openLeases(): Promise<Leases> {
    this.#leases ??= Leases.of(resolveTarget(this.#path)).then((leases) => {
      leases.removeLeftOver();
      return leases;
    });
    return this.#leases;
  }
}
