/**
 * Group membership: joins, sends heartbeats, and rejoins at once on a rebalance.
 *
 * Heartbeats continue while a command runs. A partition stays ours as long as every generation, without a gap, has
 * assigned it to us: then nobody else can have taken from it.
 */

import type { Broker } from '@platformatic/kafka';
import { Bell } from '../../async/bell.ts';
import { elapsedMs } from '../../async/clock.ts';
import { type Failure, status } from '../../failure.ts';
import { assignAll, type Member } from './assign-all.ts';
import { type Assignment, decodeAssignment, encodeSubscription } from './assignment.ts';
import type { Cluster, Topic } from './cluster.ts';
import { code, codeOf, failureOf, isPassing, memberIdOf, mustRejoin } from './failure.ts';
import { type Committed, commitOffsets } from './offsets.ts';

const PROTOCOLS = ['range', 'roundrobin'];
/** Rebalance timeout: how long other clients' members that have stopped polling can delay a new generation. */
const REBALANCE_MS = 60_000;
const RETRY_MS = 200;
/** How often the leader checks the number of partitions. */
const PARTITIONS_CHECK_MS = 10_000;
/** How often to check that the topic was not recreated. */
const TOPIC_CHECK_MS = 1000;

interface Settings {
  readonly group: string;
  readonly topic: string;
  /** Called with the assignment, before anything else happens. */
  adopt(partitions: readonly number[], isUnbroken: boolean): void;
  /** Called with fresh metadata: the topic may have been deleted and recreated. */
  look(topic: Pick<Topic, 'id'>): void;
  /** Rings on every change and on a fatal failure. */
  readonly changed: Bell;
}

interface Joined {
  readonly generationId: number;
  readonly memberId: string;
  readonly leader: string;
  readonly protocolName: string;
  readonly members: readonly Member[];
}

export class Membership {
  readonly #cluster: Cluster;
  readonly #settings: Settings;
  readonly #closed = new AbortController();
  readonly #wake = new Bell();
  #coordinator: Broker | undefined;
  #memberId = '';
  #generation = -1;
  #isJoined = false;
  /** Whether there was a generation whose assignment is unknown to us. */
  #isBroken = false;
  #isLeader = false;
  #partitions: readonly number[] = [];
  #partitionCount = 0;
  #countedAt = 0;
  #topicCheckedAt = 0;
  #downSince: number | undefined;
  #failure: Failure | undefined;
  readonly #running: Promise<void>;

  constructor(cluster: Cluster, settings: Settings) {
    this.#cluster = cluster;
    this.#settings = settings;
    this.#running = this.#run();
  }

  get isJoined(): boolean {
    return this.#isJoined;
  }

  /** A fatal failure, or a temporary one that has lasted longer than the wait. */
  get failure(): Failure | undefined {
    if (this.#failure === undefined) return undefined;
    const isOver = elapsedMs() - (this.#downSince ?? 0) >= this.#cluster.settings.waitMs;
    return isOver || this.#failure.status !== status.temporary ? this.#failure : undefined;
  }

  /**
   * Checks, before a commit, that the topic was not recreated: while a command runs nothing is fetched, and an offset
   * of the deleted topic would be committed for the new one.
   */
  async look(): Promise<void> {
    if (elapsedMs() - this.#topicCheckedAt < TOPIC_CHECK_MS) return;
    const args = [[this.#settings.topic], false, false];
    const asked = this.#call<{ topics: { topicId: string }[] }>('Metadata', args, 'answers');
    // The commit itself reports the failure.
    const { topics } = await asked.catch(() => ({ topics: [] }));
    for (const { topicId } of topics) {
      this.#settings.look({ id: topicId });
      this.#topicCheckedAt = elapsedMs();
    }
  }

  /** @throws errors of the library */
  async commit(rows: readonly Committed[]): Promise<void> {
    const { group, topic } = this.#settings;
    const generation = this.#generation;
    try {
      this.#coordinator ??= await this.#cluster.coordinator(group);
      const member = { group, generation, memberId: this.#memberId };
      await commitOffsets(this.#cluster, this.#coordinator, member, topic, rows);
    } catch (error) {
      if (mustRejoin(error)) {
        if (this.#generation === generation) this.#rejoin(error);
        await this.#rejoined();
      } else this.#coordinator = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#wake.ring();
    await this.#running;
    if (this.#memberId === '') return;
    const members = [{ memberId: this.#memberId }];
    await this.#call('LeaveGroup', [this.#settings.group, members], 'answers').catch(() => {});
    this.#memberId = '';
  }

  async #run(): Promise<void> {
    const heartbeatMs = this.#cluster.address.sessionMs / 3;
    while (!this.#closed.signal.aborted)
      try {
        if (!this.#isJoined) await this.#join();
        else await this.#heartbeat();
        this.#downSince = undefined;
        this.#failure = undefined;
        await this.#wake.wait(heartbeatMs, this.#closed.signal);
      } catch (error) {
        if (mustRejoin(error)) this.#rejoin(error);
        else if (!(await this.#pause(error))) return;
      }
  }

  /** Waits after a failure. @returns whether to go on */
  async #pause(error: unknown): Promise<boolean> {
    this.#coordinator = undefined;
    this.#downSince ??= elapsedMs();
    this.#failure = failureOf(this.#cluster.shown, error);
    this.#settings.changed.ring();
    if (!isPassing(error)) return false;
    await this.#cluster.admin().then((admin) => admin.clearMetadata());
    await this.#wake.wait(RETRY_MS, this.#closed.signal);
    return true;
  }

  #rejoin(error: unknown): void {
    this.#memberId = codeOf(error) === code.unknownMember ? '' : (memberIdOf(error) ?? this.#memberId);
    // Our partitions may belong to another member now: do not claim them.
    if (codeOf(error) !== code.rebalanceInProgress) this.#partitions = [];
    this.#isJoined = false;
    this.#wake.ring();
  }

  /** Waits until the group is rejoined, or has failed. */
  async #rejoined(): Promise<void> {
    while (!this.#isJoined && this.failure === undefined && !this.#closed.signal.aborted)
      await this.#settings.changed.wait(RETRY_MS, this.#closed.signal);
  }

  async #join(): Promise<void> {
    const { group, topic } = this.#settings;
    const library = await this.#cluster.library();
    const metadata = encodeSubscription(topic, this.#partitions, library);
    const protocols = PROTOCOLS.map((name) => ({ name, metadata }));
    const { sessionMs } = this.#cluster.address;
    const rebalanceMs = Math.max(sessionMs, REBALANCE_MS);
    const args = [group, sessionMs, rebalanceMs, this.#memberId, null, 'consumer', protocols, ''];
    const joined = await this.#call<Joined>('JoinGroup', args, 'group');
    const isNext = this.#memberId === joined.memberId && this.#generation + 1 === joined.generationId;
    const isUnbroken = isNext && !this.#isBroken;
    this.#memberId = joined.memberId;
    this.#generation = joined.generationId;
    this.#isLeader = joined.leader === joined.memberId;
    const assignments = this.#isLeader ? await assignAll(this.#cluster, topic, joined.members) : [];
    if (this.#isLeader) this.#partitionCount = (await this.#cluster.topic(topic)).partitions.length;
    const { assignment } = await this.#call<{ assignment: Buffer }>(
      'SyncGroup',
      [group, joined.generationId, joined.memberId, null, 'consumer', joined.protocolName, assignments],
      'group',
    ).catch((error: unknown) => {
      // Who owned our partitions in this generation is unknown.
      this.#isBroken = true;
      throw error;
    });
    const partitions: Assignment = decodeAssignment(assignment, library);
    this.#partitions = partitions.get(topic) ?? [];
    this.#isJoined = true;
    this.#isBroken = false;
    this.#settings.adopt(this.#partitions, isUnbroken);
    this.#settings.changed.ring();
  }

  async #heartbeat(): Promise<void> {
    await this.#call('Heartbeat', [this.#settings.group, this.#generation, this.#memberId, null], 'group');
    if (!this.#isLeader || elapsedMs() - this.#countedAt < PARTITIONS_CHECK_MS) return;
    this.#countedAt = elapsedMs();
    // Not awaited: a slow broker must not delay the next heartbeat.
    void this.#checkPartitionCount();
  }

  /** Rejoins when the number of partitions has changed. */
  async #checkPartitionCount(): Promise<void> {
    const found = await this.#cluster.topic(this.#settings.topic, true).catch(() => undefined);
    if (!this.#isJoined || found === undefined || found.partitions.length === this.#partitionCount) return;
    this.#isJoined = false;
    this.#wake.ring();
  }

  async #call<Answer>(name: string, args: readonly unknown[], purpose: 'answers' | 'group'): Promise<Answer> {
    this.#coordinator ??= await this.#cluster.coordinator(this.#settings.group);
    return this.#cluster.call<Answer>(this.#coordinator, name, args, purpose);
  }
}
