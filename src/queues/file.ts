/**
 * A queue in a file: SQLite, in WAL mode, on disk when a method returns.
 *
 * `PATH#dead` are the dead letters of `PATH`, in the same file, so that burying a message is one transaction. The first put
 * makes the file; a taker waits for it. Messages with keys are in partitions 1 to 8, or as many as `queue-make` says.
 */

import { Bell } from '../async/bell.ts';
import { elapsedMs } from '../async/clock.ts';
import { SqliteDatabase } from '../databases/sqlite-database.ts';
import { Failure, isTemporary, status } from '../failure.ts';
import { resolveTarget } from '../files/resolve-target.ts';
import { quote } from '../lines/line.ts';
import { FileBatch } from './file-batch.ts';
import { Commits, type OpenQueueFile } from './file-commits.ts';
import { Group, trimTaken } from './file-groups.ts';
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
const POLL_MS = [4, 50] as const;
/** Between two looks of a putter that waits for room. */
const ROOM_MS = 20;

/** Blocks deleted per transaction after a group was moved. */
const TRIMMED = 20_000;

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
  /** Rings when this process has changed the queue. */
  readonly #changed = new Bell();
  #leases: Promise<Leases> | undefined;
  /** Whether a file that is missing may be made. */
  #mayMake = false;
  /** The partition to look into first. */
  #turn = 0;
  /** Whether the file was missing when it was last looked at; nothing is known at first. */
  #isMissing = true;
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

  /** Puts the messages that there is room for, first to last. */
  #putSome(messages: readonly Message[], options: PutOptions): Promise<{ count: number; repeated: number }> {
    this.#mayMake = true;
    return this.#commits.run((file) => {
      const blocks = this.#blocks(file);
      let count = blocks.fitting(messages);
      if (count < messages.length) {
        // What was taken is kept for others only while there is room.
        for (let at = 0; at < blocks.partitions; at++) trimTaken(blocks, at, undefined);
        count = blocks.fitting(messages);
      }
      const part = count === messages.length ? messages : messages.slice(0, count);
      return { count, repeated: blocks.put(part, options, this.#settings.now()) };
    }, false);
  }

  async take(request: TakeRequest): Promise<TakenBatch | undefined> {
    const linger = new Linger(request.lingerMs, () => this.#settings.now());
    const { signal, endsWhenEmpty } = request;
    let lease: Lease | undefined;
    try {
      for (let pause: number = POLL_MS[0]; !signal.aborted; ) {
        const isMissing = this.#isMissing && this.#look() === 'missing';
        if (isMissing && endsWhenEmpty) return undefined;
        if (!isMissing) {
          lease ??= await (await this.#openLeases()).open();
          const { batch, isEmpty } = await this.#attempt(request, lease, linger);
          if (batch !== undefined) {
            this.#held.add(lease);
            lease = undefined;
            return batch;
          }
          if (isEmpty && endsWhenEmpty) return undefined;
          if (this.#isMissing) lease.release();
          if (this.#isMissing) lease = undefined;
        }
        pause = await this.#wait(pause, request, linger);
      }
      return undefined;
    } finally {
      lease?.release();
    }
  }

  /** Waits until there may be something to take, looking after longer and longer pauses. @returns the next pause */
  async #wait(first: number, request: TakeRequest, linger: Linger): Promise<number> {
    for (let pause = first; ; pause = Math.min(pause * 1.25, POLL_MS[1])) {
      await this.#changed.wait(pause, request.signal);
      if (request.signal.aborted || (await this.#mayHave(request, linger))) return pause;
    }
  }

  /** One transaction, in which all else that was asked for in this turn is done before. */
  async #attempt(request: TakeRequest, lease: Lease, linger: Linger) {
    const leases = await this.#openLeases();
    const attempt = this.#commits.run((file) => {
      const blocks = this.#blocks(file);
      const group = new Group(blocks, request.group);
      if (!group.isKnown()) group.moveTo(this.#wasMissing ? 'beginning' : request.from);
      for (const owner of group.owners())
        if (owner !== lease.owner && !leases.removeUnlessHeld(owner)) group.free(owner);
      const now = this.#settings.now();
      for (;;) {
        const wanted = { begin: this.#turn, now, owner: lease.owner, lingering: linger };
        const attempt = group.take(request, wanted);
        const { taken } = attempt;
        if (taken === undefined) return { ...attempt, messages: [] };
        const messages = blocks.read(taken.partition, taken.first, taken.last);
        if (messages.length > 0) return { ...attempt, messages };
        // Somebody has deleted them by hand.
        group.acknowledge(taken, 0, now);
      }
    }, false);
    const { taken, messages, isEmpty } = await attempt.catch((error) => {
      if (!isMissing(error)) throw error;
      this.#isMissing = true;
      return nothing;
    });
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
      done: () => {
        this.#held.delete(lease);
        this.#changed.ring();
      },
    };
    return { batch: new FileBatch(settings), isEmpty };
  }

  /** Whether a taker that waits may find something now; without a lock. */
  async #mayHave(request: TakeRequest, linger: Linger): Promise<boolean> {
    if (this.#isMissing) return this.#look() !== 'missing' || request.endsWhenEmpty;
    const leases = await this.#openLeases();
    return this.#unless({ busy: true, missing: true }, (file) => {
      const group = new Group(this.#blocks(file), request.group);
      if (!group.isKnown()) return true;
      if (group.owners().some((owner) => !leases.isHeld(owner))) return true;
      const plan = { begin: this.#turn, now: this.#settings.now(), lingering: linger };
      const { taken, isEmpty } = group.take(request, plan);
      return taken !== undefined || (isEmpty && request.endsWhenEmpty);
    });
  }

  async *peek(group: string | undefined): ReturnType<Queue['peek']> {
    yield* peekFile(this.#commits, this.#isDead, group);
  }

  async seek(name: string, position: Position): Promise<void> {
    const leases = await this.#openLeases();
    await this.#commits.run((file) => {
      const group = new Group(this.#blocks(file), name);
      if (group.owners().some((owner) => leases.isHeld(owner)))
        throw new Failure(status.temporary, `group ${quote(name)} has messages out`);
      group.moveTo(position);
    }, false);
    for (let partition = 0, isMore = true; isMore; )
      isMore = await this.#commits.run((file) => {
        const blocks = this.#blocks(file);
        if (!trimTaken(blocks, partition, this.#settings.now(), TRIMMED)) partition++;
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

  #look(): 'there' | 'missing' | 'busy' {
    const state = this.#unless({ busy: 'busy', missing: 'missing' } as const, () => 'there' as const);
    this.#isMissing = state === 'missing';
    this.#wasMissing ||= this.#isMissing;
    return state;
  }

  /** What a look at the file shows, or what stands for it while it is busy or missing. @throws Failure */
  #unless<Result>(
    { busy, missing }: { readonly busy: Result; readonly missing: Result },
    work: (file: OpenQueueFile) => Result,
  ): Result {
    try {
      return this.#commits.read(work);
    } catch (error) {
      if (isMissing(error)) return missing;
      if (isTemporary(error)) return busy;
      throw error;
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

const nothing = { taken: undefined, messages: [], isEmpty: false };

function isMissing(error: unknown): boolean {
  return error instanceof Failure && error.cause instanceof MissingQueue;
}
