/** Keeps a taker's lanes filled: one request at a time to each broker. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Broker } from '@platformatic/kafka';
import type { Bell } from '../../async/bell.ts';
import { elapsedMs } from '../../async/clock.ts';
import type { Failure } from '../../failure.ts';
import type { Cluster, Topic } from './cluster.ts';
import { code, isPassing, kafkaFailure } from './failure.ts';
import { type Fetched, fetchMessages, MAX_BYTES } from './fetch.ts';
import type { Lane } from './lane.ts';
import { byMemory, isMemoryFull } from './lanes.ts';
import { groupBy, noLeader, offsetsAt } from './offsets.ts';
import { failureOf, meet, newTroubles } from './trouble.ts';

/** The long-poll timeout at the broker. */
const WAIT_MS = 500;
const RETRY_MS = 200;
const FETCH_BYTES = 512 << 10;
/** Prefetch limit over all partitions. */
const PREFETCH = { bytes: 1 << 20, count: 10_000 };

interface Settings {
  readonly topic: string;
  readonly changed: Bell;
  /** Called with fresh metadata: the topic may have been deleted and recreated. */
  look(topic: Topic): void;
}

export class Fetcher {
  readonly #cluster: Cluster;
  readonly #settings: Settings;
  /** Brokers with a request in flight. */
  readonly #busy = new Set<string>();
  #isBusy = false;
  #isRecovering = false;

  constructor(cluster: Cluster, settings: Settings) {
    this.#cluster = cluster;
    this.#settings = settings;
  }

  /** Why no lane could fetch within the wait. While some can, warns about the others. */
  failureOf(lanes: readonly Lane[]): Failure | undefined {
    const { waitMs, warn } = this.#cluster.settings;
    const failure = failureOf(lanes, elapsedMs(), waitMs);
    if (failure === undefined) for (const text of newTroubles(lanes, elapsedMs(), waitMs)) warn(text);
    return failure;
  }

  /** Fetches for lanes that run low; rings when messages have arrived. @param wanted limits of a batch */
  fill(lanes: readonly Lane[], wanted: { readonly count: number; readonly bytes: number }): void {
    const lacking = lanes.filter(({ buffered: { count, bytes }, isCut, trouble }) => {
      if (trouble !== undefined && elapsedMs() - trouble.triedMs < RETRY_MS) return false;
      const isShort = isCut || (count < wanted.count && bytes < wanted.bytes);
      return isShort || (count * lanes.length < PREFETCH.count && bytes * lanes.length < PREFETCH.bytes);
    });
    if (lacking.length === 0 || this.#isBusy) return;
    // A record batch above the limit is sent only for the first partition with data, so the emptiest lane goes first.
    lacking.sort((one, other) => one.buffered.bytes - other.buffered.bytes);
    const isFull = isMemoryFull(lanes, wanted, this.#busy.size * MAX_BYTES);
    this.#isBusy = true;
    void this.#ask(lacking, isFull).finally(() => {
      this.#isBusy = false;
    });
  }

  /** @param isFull whether memory is full: then only the fullest lane is fetched, to complete its batch */
  async #ask(lanes: readonly Lane[], isFull: boolean): Promise<void> {
    try {
      const topic = await this.#cluster.topic(this.#settings.topic);
      const leaderOf = ({ partition }: Lane) => topic.partitions[partition]?.leader;
      for (const lane of lanes)
        if (leaderOf(lane) === undefined) this.#fail([lane], noLeader(this.#cluster, lane.partition));
      const askable = lanes.filter((lane) => {
        const leader = leaderOf(lane);
        return leader !== undefined && !this.#busy.has(nameOf(leader));
      });
      const completing = byMemory(askable.filter(({ hasMore }) => hasMore)).slice(0, 1);
      for (const [leader, own] of groupBy(isFull ? completing : askable, leaderOf))
        if (leader !== undefined) void this.#fetch(leader, topic, own);
    } catch (error) {
      this.#fail(lanes, error);
    }
  }

  async #fetch(leader: Broker, topic: Topic, lanes: readonly Lane[]): Promise<void> {
    this.#busy.add(nameOf(leader));
    try {
      const wanted = lanes.map(({ partition, fetchOffset: offset }) => ({
        partition,
        offset,
        bytes: FETCH_BYTES,
      }));
      const found = await fetchMessages(this.#cluster, leader, topic, wanted, WAIT_MS);
      for (const [at, lane] of lanes.entries()) {
        const fetched = found.find(({ partition }) => partition === lane.partition);
        // The lane may have been reassigned or moved since.
        const isAsWas = lane.isOurs && lane.fetchOffset === wanted[at]?.offset;
        if (fetched === undefined || !isAsWas) continue;
        try {
          await this.#add(lane, fetched, topic);
          lane.trouble = undefined;
        } catch (error) {
          this.#fail([lane], error);
        }
      }
    } catch (error) {
      this.#fail(lanes, error);
    } finally {
      this.#busy.delete(nameOf(leader));
      this.#settings.changed.ring();
    }
  }

  async #add(lane: Lane, fetched: Fetched, topic: Topic): Promise<void> {
    const { errorCode, messages, next, end, partition } = fetched;
    if (errorCode === code.none) {
      lane.add(messages, elapsedMs());
      lane.fetchOffset = next;
      lane.end = end;
      return;
    }
    if (errorCode === code.offsetOutOfRange) {
      const first = (await offsetsAt(this.#cluster, topic, [partition], 'beginning')).get(partition) ?? 0;
      const { shown, settings } = this.#cluster;
      settings.warn(
        `${shown}: partition ${partition}: messages from ${lane.fetchOffset} on are gone: continuing with ${first}`,
      );
      lane.moveTo(first);
      return;
    }
    const { ProtocolError } = await this.#cluster.library();
    throw new ProtocolError(errorCode);
  }

  /** Records the failure; the lanes are retried after a pause, with fresh metadata. */
  #fail(lanes: readonly Lane[], error: unknown): void {
    const failure = kafkaFailure(this.#cluster.shown, error);
    for (const lane of lanes) meet(lane, failure, elapsedMs());
    if (isPassing(error) && !this.#isRecovering) void this.#recover();
  }

  async #recover(): Promise<void> {
    this.#isRecovering = true;
    const { changed } = this.#settings;
    const topic = await this.#cluster.topic(this.#settings.topic, true).catch(() => undefined);
    if (topic !== undefined) this.#settings.look(topic);
    await sleep(RETRY_MS, undefined, { signal: this.#cluster.settings.signal }).catch(() => {});
    this.#isRecovering = false;
    changed.ring();
  }
}

function nameOf({ host, port }: Broker): string {
  return `${host}:${port}`;
}
