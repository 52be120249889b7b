/**
 * Membership of a group: joins it, keeps it alive, and joins again at once when its members change.
 *
 * Whatever a command does meanwhile, heartbeats go on. A partition stays ours when each generation of the group, without
 * a gap, has given it to us: nobody else can have taken from it.
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
/** How long members that have left their poll, of other clients, hold up a new generation. */
const REBALANCE_MS = 60_000;
const RETRY_MS = 200;
/** Between two looks at the number of partitions. */
const LOOK_MS = 10_000;
/** Between two looks whether the topic is the same. */
const SAME_MS = 1000;

interface Settings {
  readonly group: string;
  readonly topic: string;
  /** Hears which partitions are ours, before anything else happens. */
  adopt(partitions: readonly number[], isUnbroken: boolean): void;
  /** Hears how the topic is, which may be another one. */
  look(topic: Pick<Topic, 'id'>): void;
  /** Hears of every change, and of what ends it all. */
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
  /** Whether a generation has gone by of which we know no assignment. */
  #isBroken = false;
  #isLeader = false;
  #partitions: readonly number[] = [];
  #partitionCount = 0;
  #lookedAt = 0;
  #sameAt = 0;
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

  /** Why it cannot go on, or could not for as long as may be waited. */
  get failure(): Failure | undefined {
    if (this.#failure === undefined) return undefined;
    const isOver = elapsedMs() - (this.#downSince ?? 0) >= this.#cluster.settings.waitMs;
    return isOver || this.#failure.status !== status.temporary ? this.#failure : undefined;
  }

  /**
   * Looks whether the topic is still the same, as it must be before a commit: while a command runs, nothing is fetched, and the
   * offset of a topic that was deleted would be taken for one of the topic made anew.
   */
  async look(): Promise<void> {
    if (elapsedMs() - this.#sameAt < SAME_MS) return;
    const words = [[this.#settings.topic], false, false];
    const asked = this.#call<{ topics: { topicId: string }[] }>('Metadata', words, 'answers');
    // Of what is wrong the commit tells.
    const { topics } = await asked.catch(() => ({ topics: [] }));
    for (const { topicId } of topics) {
      this.#settings.look({ id: topicId });
      this.#sameAt = elapsedMs();
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
        await this.#settled();
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
        else await this.#beat();
        this.#downSince = undefined;
        this.#failure = undefined;
        await this.#wake.wait(heartbeatMs, this.#closed.signal);
      } catch (error) {
        if (mustRejoin(error)) this.#rejoin(error);
        else if (!(await this.#pause(error))) return;
      }
  }

  /** After a failure. @returns whether to go on */
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
    // What was ours may be another's, whose work is not to be taken away.
    if (codeOf(error) !== code.rebalanceInProgress) this.#partitions = [];
    this.#isJoined = false;
    this.#wake.ring();
  }

  /** When it is joined again, or has failed. */
  async #settled(): Promise<void> {
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
    const words = [group, sessionMs, rebalanceMs, this.#memberId, null, 'consumer', protocols, ''];
    const joined = await this.#call<Joined>('JoinGroup', words, 'group');
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
      // Whoever had our partitions in this generation, we do not know.
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

  async #beat(): Promise<void> {
    await this.#call('Heartbeat', [this.#settings.group, this.#generation, this.#memberId, null], 'group');
    if (!this.#isLeader || elapsedMs() - this.#lookedAt < LOOK_MS) return;
    this.#lookedAt = elapsedMs();
    // A broker that does not answer must not hold up the next heartbeat.
    void this.#count();
  }

  /** Joins again when there are more partitions. */
  async #count(): Promise<void> {
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
