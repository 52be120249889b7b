/** Takes batches from a topic as a member of a consumer group. */

import { Bell } from '../../async/bell.ts';
import { elapsedMs } from '../../async/clock.ts';
import type { Failure } from '../../failure.ts';
import { type HeldBatch, HeldBatches } from '../held-batches.ts';
import {
  LostBatch,
  type Position,
  type Reason,
  type StoredMessage,
  type TakenBatch,
  type TakeRequest,
} from '../queue.ts';
import { KafkaBatch, type Taken } from './batch.ts';
import type { Cluster, Topic } from './cluster.ts';
import { Commits } from './commits.ts';
import { kafkaFailure } from './failure.ts';
import { Fetcher } from './fetcher.ts';
import type { Lane } from './lane.ts';
import { Lanes } from './lanes.ts';
import { Membership } from './membership.ts';
import { EndCheck, openLanes, warnAway } from './open-lanes.ts';
import { hasKeys } from './out.ts';

/** How often to check for the end of the queue when nothing rings. */
const EMPTY_CHECK_MS = 50;
const IDLE_MS = 1000;

/** A batch ready to take; `isNew` unless it was returned before. */
interface Next {
  readonly lane: Lane;
  readonly batch: HeldBatch<Taken>;
  readonly isNew: boolean;
}

interface Settings {
  readonly group: string;
  /** Where a new group starts. */
  readonly from: Position;
  putAside(message: StoredMessage, partition: number, reason: Reason, group: string): Promise<void>;
}

export class Taker {
  readonly #cluster: Cluster;
  readonly #settings: Settings;
  readonly #topic: string;
  readonly #changed = new Bell();
  readonly #held = new HeldBatches<Taken>();
  readonly #membership: Membership;
  readonly #commits: Commits;
  readonly #fetcher: Fetcher;
  readonly #endCheck = new EndCheck();
  readonly #lanes = new Lanes();
  /** Assigned partitions whose start offset is not known yet. */
  #unopened = new Set<number>();
  /** Since when some of them are known to have no leader. */
  #awaySince: number | undefined;
  /** The number of partitions at the start. */
  #partitionCount: number | undefined;
  #opening: Promise<void> | undefined;
  #failure: Failure | undefined;
  readonly #out = new Set<HeldBatch<Taken>>();

  constructor(cluster: Cluster, settings: Settings) {
    this.#cluster = cluster;
    this.#settings = settings;
    this.#topic = cluster.address.topic;
    const changed = this.#changed;
    this.#membership = new Membership(cluster, {
      ...{ group: settings.group, topic: this.#topic, changed },
      adopt: (partitions, isUnbroken) => this.#adopt(partitions, isUnbroken),
      look: (topic) => this.#look(topic),
    });
    this.#commits = new Commits(cluster, this.#membership);
    this.#fetcher = new Fetcher(cluster, { topic: this.#topic, changed, look: (topic) => this.#look(topic) });
  }

  /** Whether a batch is in flight, not counting returned ones. */
  get isOut(): boolean {
    return this.#out.size > 0;
  }

  /** Leaves the group: its unacknowledged batches are redelivered to other members. */
  async close(): Promise<void> {
    this.#adopt([], false);
    await this.#membership.close();
  }

  /** See `Queue`. */
  async take(request: TakeRequest): Promise<TakenBatch | undefined> {
    const { signal, endsWhenEmpty } = request;
    while (!signal.aborted) {
      this.#assertHealthy();
      this.#openLanes();
      const next = this.#next(request);
      if (typeof next !== 'number') {
        const batch = await this.#give(next, request);
        if (batch !== undefined) return batch;
        continue;
      }
      if (endsWhenEmpty && this.#isIdle() && (await this.#isEmpty())) return undefined;
      this.#fetcher.fill(this.#lanes.all, request);
      await this.#changed.wait(Math.min(next, endsWhenEmpty ? EMPTY_CHECK_MS : IDLE_MS), signal);
    }
    return undefined;
  }

  #assertHealthy(): void {
    const failure = this.#failure ?? this.#membership.failure ?? this.#fetcher.failureOf(this.#lanes.all);
    if (failure !== undefined) throw failure;
  }

  #adopt(partitions: readonly number[], isUnbroken: boolean): void {
    for (const lane of this.#lanes.all) {
      if (isUnbroken && partitions.includes(lane.partition)) continue;
      lane.isOurs = false;
      this.#lanes.remove(lane);
    }
    this.#unopened = new Set(partitions.filter((partition) => !this.#lanes.has(partition)));
    this.#awaySince = undefined;
  }

  /** Starts afresh when the topic was recreated. */
  #look({ id }: Pick<Topic, 'id'>): void {
    const isOther = this.#lanes.all.some(({ topicId }) => topicId !== id);
    if (!isOther) return;
    this.#partitionCount = 0;
    this.#adopt(
      this.#lanes.all.map(({ partition }) => partition),
      false,
    );
  }

  #openLanes(): void {
    const isAway = this.#awaySince !== undefined && elapsedMs() - this.#awaySince < IDLE_MS;
    if (this.#unopened.size === 0 || isAway) return;
    this.#opening ??= this.#open(this.#unopened).finally(() => {
      this.#opening = undefined;
      this.#changed.ring();
    });
  }

  /** @param partitions the current `#unopened`, which a rebalance replaces */
  async #open(partitions: ReadonlySet<number>): Promise<void> {
    const cluster = this.#cluster;
    try {
      const hasOpen = this.#lanes.all.length > 0;
      const group = { ...this.#settings, partitionCount: this.#partitionCount, hasOpen };
      const { lanes, away, partitionCount } = await cluster.persist(() =>
        openLanes(cluster, group, [...partitions]),
      );
      if (this.#unopened !== partitions) return;
      this.#partitionCount ??= partitionCount;
      this.#unopened = new Set(away);
      if (this.#awaySince === undefined) for (const each of away) warnAway(cluster, each);
      this.#awaySince = away.length > 0 ? elapsedMs() : undefined;
      for (const lane of lanes) this.#lanes.add(lane);
      // Commits at once, so that later puts do not move the start of a new group.
      const isNew = lanes.filter((lane) => !lane.isCommitted);
      await Promise.all(isNew.map((lane) => this.#commits.save(lane)));
    } catch (error) {
      if (!(error instanceof LostBatch)) this.#failure = kafkaFailure(cluster.shown, error);
    }
  }

  /** A batch ready to take, or the milliseconds until one may be. */
  #next(request: TakeRequest): Next | number {
    const isOut = (lane: number | string) => [...this.#out].some((batch) => batch.lane === lane);
    for (let batch = this.#held.take(isOut); batch !== undefined; batch = this.#held.take(isOut)) {
      const lane = batch.messages[0]?.lane;
      if (lane?.isOurs) return { lane, batch, isNew: false };
    }
    const waitMs = this.#held.msToNext(isOut) ?? Infinity;
    const next = this.#lanes.next(request, elapsedMs());
    if (typeof next === 'number') return Math.min(waitMs, next);
    const { lane } = next;
    const isKeyed = hasKeys(next.messages);
    const messages = next.messages.map((message) => ({ lane, message }));
    return {
      lane,
      batch: { lane: isKeyed ? lane.partition : undefined, messages, tries: 0, delays: 0 },
      isNew: true,
    };
  }

  /** Undefined when the partition was reassigned meanwhile. */
  async #give({ lane, batch, isNew }: Next, request: TakeRequest): Promise<TakenBatch | undefined> {
    if (isNew) {
      const given = batch.messages.map(({ message }) => message);
      lane.give(given, elapsedMs());
      this.#fetcher.fill(this.#lanes.all, request);
      // Committed first, so that the next owner of the partition redelivers this very batch.
      if (!request.isLoose && !(await this.#commits.isSaved(lane))) return undefined;
    }
    this.#out.add(batch);
    const { group, putAside } = this.#settings;
    return new KafkaBatch(lane, batch, {
      ...{ shown: this.#cluster.shown, commits: this.#commits, held: this.#held },
      done: () => {
        this.#out.delete(batch);
        this.#changed.ring();
      },
      putAside: (message, partition, reason) => putAside(message, partition, reason, group),
    });
  }

  #isIdle(): boolean {
    const isOpen = this.#unopened.size === 0 || this.#awaySince !== undefined;
    return this.#membership.isJoined && isOpen && this.#lanes.isIdle;
  }

  /** Whether the whole group has committed up to the end. */
  async #isEmpty(): Promise<boolean> {
    // Transaction markers may follow the last messages.
    const moved = this.#lanes.all.filter((lane) => !lane.isCommitted);
    await Promise.all(moved.map((lane) => this.#commits.isSaved(lane)));
    return this.#endCheck.isAtEnd(this.#cluster, this.#settings.group);
  }
}
