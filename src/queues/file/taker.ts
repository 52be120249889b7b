/** Takes batches from a queue file, and waits for them. */

import type { Bell } from '../../async/bell.ts';
import { Failure, isTemporary } from '../../failure.ts';
import type { TakenBatch, TakeRequest } from '../queue.ts';
import { FileBatch } from './batch.ts';
import type { Commits, OpenQueueFile } from './commits.ts';
import { Group } from './groups.ts';
import type { Lease, Leases } from './leases.ts';
import { Linger } from './linger.ts';
import { takeNext } from './next-batch.ts';
import { MissingQueue } from './schema.ts';
import { SharedLease } from './shared-lease.ts';

/** Poll interval of a waiting taker: first and longest. */
const POLL_MS = [4, 50] as const;

interface Settings {
  readonly isDead: boolean;
  /** Rings when this process changes the queue. */
  readonly changed: Bell;
  leases(): Promise<Leases>;
  /** Epoch milliseconds. */
  now(): number;
}

/** The takes of one process. */
export class FileTaker {
  readonly #commits: Commits;
  readonly #settings: Settings;
  readonly #held = new Set<Lease>();
  readonly #shared = new SharedLease();
  /** The first partition to look at. */
  #turn = 0;
  /** Whether the file was missing at the last look; true until then. */
  #isMissing = true;
  #wasMissing = false;

  constructor(commits: Commits, settings: Settings) {
    this.#commits = commits;
    this.#settings = settings;
  }

  /** Abandons batches in flight: each is redelivered once its command has ended. */
  leave(): void {
    for (const lease of this.#held) lease.leave();
    this.#held.clear();
    this.#shared.end();
  }

  /** See `Queue`. */
  async take(request: TakeRequest): Promise<TakenBatch | undefined> {
    const linger = new Linger(request.lingerMs, () => this.#settings.now());
    const { signal, endsWhenEmpty } = request;
    let lease: Lease | undefined;
    try {
      for (let pause: number = POLL_MS[0]; !signal.aborted; ) {
        const isMissing = this.#isMissing && this.#lookForFile() === 'missing';
        if (isMissing && endsWhenEmpty) return undefined;
        if (!isMissing) {
          lease ??= await this.#openLease(request);
          const { batch, isEmpty } = await this.#attempt(request, lease, linger);
          if (batch !== undefined) {
            this.#held.add(lease);
            lease = undefined;
            return batch;
          }
          if (isEmpty && endsWhenEmpty) return undefined;
          if (this.#isMissing) {
            lease.release();
            this.#shared.end();
            lease = undefined;
          }
        }
        pause = await this.#wait(pause, request, linger);
      }
      return undefined;
    } finally {
      lease?.release();
    }
  }

  /** A lease of its own only for a batch whose command may inherit it. */
  async #openLease({ isLoose = false }: TakeRequest): Promise<Lease> {
    const leases = await this.#settings.leases();
    return isLoose ? this.#shared.borrow(leases) : leases.open();
  }

  /** Polls with back-off until there may be something to take. @returns the next pause */
  async #wait(first: number, request: TakeRequest, linger: Linger): Promise<number> {
    for (let pause = first; ; pause = Math.min(pause * 1.25, POLL_MS[1])) {
      await this.#settings.changed.wait(pause, request.signal);
      if (request.signal.aborted || (await this.#mayFindBatch(request, linger))) return pause;
    }
  }

  /** Runs in one transaction, after all other work requested in this turn. */
  async #attempt(request: TakeRequest, lease: Lease, linger: Linger) {
    const leases = await this.#settings.leases();
    const attempt = this.#commits.run((file) => {
      const blocks = this.#blocks(file);
      const group = new Group(blocks, request.group);
      if (!group.isKnown()) group.moveTo(this.#wasMissing ? 'beginning' : request.from);
      for (const owner of group.owners())
        if (owner !== lease.owner && !leases.removeUnlessHeld(owner)) group.free(owner);
      const now = this.#settings.now();
      for (;;) {
        const { count, bytes, isLoose = false } = request;
        const wanted = {
          count,
          bytes,
          isLoose,
          begin: this.#turn,
          now,
          owner: lease.owner,
          lingering: linger,
        };
        const attempt = takeNext(blocks, group, wanted);
        const { taken } = attempt;
        if (taken === undefined) return { ...attempt, messages: [], queueId: '' };
        const messages = blocks.read(taken.partition, taken.first, taken.last);
        const queueId = this.#settings.isDead ? `${blocks.queueId}dead` : blocks.queueId;
        if (messages.length > 0) return { ...attempt, messages, queueId };
        // Deleted by hand.
        group.acknowledge(taken, 0, now);
      }
    }, false);
    const { taken, messages, queueId, isEmpty } = await attempt.catch((error) => {
      if (!isMissing(error)) throw error;
      this.#isMissing = true;
      return nothing;
    });
    if (taken === undefined) return { batch: undefined, isEmpty };
    this.#turn = taken.partition + 1;
    const settings = {
      ...{
        commits: this.#commits,
        isDead: this.#settings.isDead,
        queueId,
        group: request.group,
        range: taken,
        messages,
        lease,
      },
      now: () => this.#settings.now(),
      done: () => {
        this.#held.delete(lease);
        this.#settings.changed.ring();
      },
    };
    return { batch: new FileBatch(settings), isEmpty };
  }

  /** Whether a waiting taker may find something now. Takes no lock. */
  async #mayFindBatch(request: TakeRequest, linger: Linger): Promise<boolean> {
    if (this.#isMissing) return this.#lookForFile() !== 'missing' || request.endsWhenEmpty;
    const leases = await this.#settings.leases();
    return this.#readOr({ busy: true, missing: true }, (file) => {
      const blocks = this.#blocks(file);
      const group = new Group(blocks, request.group);
      if (!group.isKnown()) return true;
      if (group.owners().some((owner) => !leases.isHeld(owner))) return true;
      const { count, bytes } = request;
      const plan = { count, bytes, begin: this.#turn, now: this.#settings.now(), lingering: linger };
      const { taken, isEmpty } = takeNext(blocks, group, plan);
      return taken !== undefined || (isEmpty && request.endsWhenEmpty);
    });
  }

  #blocks(file: OpenQueueFile) {
    return this.#settings.isDead ? file.dead : file.alive;
  }

  #lookForFile(): 'there' | 'missing' | 'busy' {
    const state = this.#readOr({ busy: 'busy', missing: 'missing' } as const, () => 'there' as const);
    this.#isMissing = state === 'missing';
    this.#wasMissing ||= this.#isMissing;
    return state;
  }

  /** Reads the file, with substitutes for when it is busy or missing. @throws Failure */
  #readOr<Result>(
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
}

const nothing = { taken: undefined, messages: [], queueId: '', isEmpty: false };

function isMissing(error: unknown): boolean {
  return error instanceof Failure && error.cause instanceof MissingQueue;
}
