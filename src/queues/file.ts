/**
 * A queue in a file: SQLite, in WAL mode, on disk when a method returns.
 *
 * `PATH#dead` are the dead letters of `PATH`, in the same file, so that burying a message is one transaction. The first put
 * makes the file; a taker waits for it. Messages with keys are in partitions 1 to 8, or as many as `queue-make` says.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { elapsedMs } from '../async/clock.ts';
import { SqliteDatabase } from '../databases/sqlite-database.ts';
import { Failure, status } from '../failure.ts';
import { resolveTarget } from '../files/resolve-target.ts';
import { FileBatch } from './file-batch.ts';
import { Commits, type OpenQueueFile } from './file-commits.ts';
import { type Attempt, Group } from './file-groups.ts';
import { type Lease, Leases } from './file-leases.ts';
import { Linger } from './file-linger.ts';
import { MissingQueue, openQueueFile } from './file-schema.ts';
import { peekFile, statsOf } from './file-stats.ts';
import {
  type Message,
  type Position,
  PutFailure,
  type PutOptions,
  type PutResult,
  type Queue,
  type QueueSettings,
  type QueueStat,
  type Shape,
  type TakenBatch,
  type TakeRequest,
} from './queue.ts';

/** Between two looks of a taker that waits: from the first to the last. */
const POLL_MS = [2, 50] as const;
/** Between two looks of a putter that waits for room. */
const ROOM_MS = 20;

export const defaultShape: Shape = {
  partitions: undefined,
  replication: undefined,
  keep: undefined,
  maxBytes: undefined,
};

/** Touches nothing yet. @param path with `#dead` at its end: its dead letters */
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
  readonly #held = new Set<Lease>();
  #leases: Promise<Leases> | undefined;
  /** Whether a file that is missing may be made. */
  #mayMake = false;
  /** The partition to look into first. */
  #turn = 0;
  #wasMissing = false;

  constructor(address: string, settings: QueueSettings) {
    this.#name = address;
    this.#isDead = address.endsWith('#dead');
    this.#path = this.#isDead ? address.slice(0, -'#dead'.length) : address;
    this.#settings = settings;
    this.#database = new SqliteDatabase(this.#path, (path) =>
      openQueueFile(path, this.#mayMake ? defaultShape : undefined),
    );
    this.#commits = new Commits(this.#database, { name: address, ...settings });
  }

  async put(messages: readonly Message[], options: PutOptions): Promise<PutResult> {
    let repeated = 0;
    let done = 0;
    const begun = elapsedMs();
    try {
      while (done < messages.length) {
        const part = await this.#putSome(messages.slice(done), options);
        done += part.count;
        repeated += part.repeated;
        if (part.count > 0) continue;
        const isOver = this.#settings.signal.aborted || elapsedMs() - begun >= this.#settings.waitMs;
        if (isOver) throw new Failure(status.temporary, `${this.#name}: full (--max-bytes)`);
        await sleep(ROOM_MS);
      }
      return { stored: done - repeated, repeated };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new PutFailure(error.status, error.message, done, { cause: error });
    }
  }

  /** Puts the messages that there is room for, first to last. */
  #putSome(messages: readonly Message[], options: PutOptions): Promise<{ count: number; repeated: number }> {
    this.#mayMake = true;
    return this.#commits.run((file) => {
      const blocks = this.#blocks(file);
      const count = fitting(messages, blocks.isEmpty(), blocks.room());
      const part = count === messages.length ? messages : messages.slice(0, count);
      return { count, repeated: blocks.put(part, options, this.#settings.now()) };
    }, false);
  }

  async take(request: TakeRequest): Promise<TakenBatch | undefined> {
    const linger = new Linger(request.lingerMs, () => this.#settings.now());
    let lease: Lease | undefined;
    try {
      let mayHave = true;
      let pause: number = POLL_MS[0];
      while (!request.signal.aborted) {
        const seen = this.#commits.count;
        if (mayHave && this.#exists()) {
          lease ??= await (await this.#openLeases()).open();
          const found = await this.#attempt(request, lease, linger);
          if (found.batch !== undefined) {
            this.#held.add(lease);
            lease = undefined;
            return found.batch;
          }
          if (found.isEmpty && request.endsWhenEmpty) return undefined;
          pause = POLL_MS[0];
        } else if (request.endsWhenEmpty && !this.#exists()) return undefined;
        await sleep(pause, undefined, { signal: request.signal }).catch(() => {});
        pause = Math.min(pause * 1.2, POLL_MS[1]);
        mayHave = seen !== this.#commits.count || (await this.#mayHave(request, linger));
      }
      return undefined;
    } finally {
      lease?.release();
    }
  }

  /** One transaction, in which all else that was asked for in this turn is done before. */
  async #attempt(request: TakeRequest, lease: Lease, linger: Linger) {
    const leases = await this.#openLeases();
    const found = await this.#commits.run((file) => {
      const blocks = this.#blocks(file);
      const group = new Group(blocks, request.group);
      if (!group.isKnown()) group.moveTo(this.#wasMissing ? 'beginning' : request.from);
      for (const owner of group.owners())
        if (owner !== lease.owner && !leases.removeUnlessHeld(owner)) group.free(owner);
      const now = this.#settings.now();
      const attempt = group.take(request, { begin: this.#turn, now, owner: lease.owner, lingering: linger });
      const { taken } = attempt;
      const messages = taken === undefined ? [] : blocks.read(taken.partition, taken.first, taken.last);
      return { ...attempt, messages };
    }, false);
    const { taken, messages, isEmpty } = found;
    if (taken === undefined) return { batch: undefined, isEmpty };
    this.#turn = taken.partition + 1;
    const settings = {
      ...{
        commits: this.#commits,
        isDead: this.#isDead,
        group: request.group,
        range: taken,
        messages,
        lease,
      },
      now: () => this.#settings.now(),
      done: () => void this.#held.delete(lease),
    };
    return { batch: new FileBatch(settings), isEmpty };
  }

  /** Whether a taker that waits may find something now; without a lock. */
  async #mayHave(request: TakeRequest, linger: Linger): Promise<boolean> {
    if (!this.#exists()) return false;
    const leases = await this.#openLeases();
    try {
      return this.#commits.read((file) => {
        const group = new Group(this.#blocks(file), request.group);
        if (!group.isKnown()) return true;
        const now = this.#settings.now();
        if (group.owners().some((owner) => !leases.isHeld(owner)) || group.isClockBack(now)) return true;
        const plan: Attempt = group.take(request, { begin: this.#turn, now, lingering: linger });
        return plan.taken !== undefined || (plan.isEmpty && request.endsWhenEmpty);
      });
    } catch (error) {
      if (error instanceof Failure && error.status === status.temporary) return true;
      throw error;
    }
  }

  async *peek(group: string | undefined): ReturnType<Queue['peek']> {
    yield* peekFile(this.#commits, this.#isDead, group);
  }

  async seek(name: string, position: Position): Promise<void> {
    const leases = await this.#openLeases();
    await this.#commits.run((file) => {
      const group = new Group(this.#blocks(file), name);
      if (group.owners().some((owner) => leases.isHeld(owner)))
        throw new Failure(status.temporary, `${this.#name}: group ${name} has messages out`);
      group.moveTo(position);
    }, false);
    for (let partition = 0, isMore = true; isMore; )
      isMore = await this.#commits.run((file) => {
        const blocks = this.#blocks(file);
        if (!new Group(blocks, name).trim(partition, this.#settings.now())) partition++;
        return partition < blocks.partitions;
      }, false);
  }

  async stats(): Promise<QueueStat[]> {
    const leases = await this.#openLeases();
    return this.#commits.read((file) => statsOf(file, this.#isDead, leases, this.#settings.now()));
  }

  async close(): Promise<void> {
    for (const lease of this.#held) lease.leave();
    this.#held.clear();
    await this.#database.close(this.#settings.signal.aborted);
  }

  #blocks(file: OpenQueueFile) {
    return this.#isDead ? file.dead : file.alive;
  }

  /** A file that is there, as it is opened. */
  #exists(): boolean {
    try {
      this.#commits.read(() => {});
      return true;
    } catch (error) {
      if (!(error instanceof Failure) || !(error.cause instanceof MissingQueue)) throw error;
      this.#wasMissing = true;
      return false;
    }
  }

  async #openLeases(): Promise<Leases> {
    this.#leases ??= Leases.of(resolveTarget(this.#path)).then((leases) => {
      leases.removeLeftOver();
      return leases;
    });
    return this.#leases;
  }
}

/** How many of the messages fit, first to last; of an empty queue at least one. */
function fitting(messages: readonly Message[], isEmpty: boolean, room: number): number {
  if (room === Number.POSITIVE_INFINITY) return messages.length;
  let left = room;
  for (const [count, { body }] of messages.entries()) {
    left -= body.length;
    if (left < 0) return isEmpty ? Math.max(count, 1) : count;
  }
  return messages.length;
}
