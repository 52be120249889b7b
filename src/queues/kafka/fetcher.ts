/** Keeps the lanes of a taker filled: one request at a time to each broker. */

import type { Broker } from '@platformatic/kafka';
import type { Bell } from '../../async/bell.ts';
import { elapsedMs } from '../../async/clock.ts';
import { type Failure, isTemporary } from '../../failure.ts';
import type { Cluster, Topic } from './cluster.ts';
import { code, isPassing, kafkaFailure } from './failure.ts';
import { type Fetched, fetchMessages, MOST_BYTES } from './fetch.ts';
import type { Lane } from './lane.ts';
import { byMemory, isMemoryFull } from './lanes.ts';
import { groupBy, offsetsAt } from './offsets.ts';

/** How long a broker waits for messages. */
const WAIT_MS = 500;
const RETRY_MS = 200;
const FETCH_BYTES = 512 << 10;
/** So much is fetched ahead, of all partitions together. */
const AHEAD = { bytes: 1 << 20, count: 10_000 };

interface Settings {
  readonly topic: string;
  readonly changed: Bell;
  /** Hears how the topic is, when it may be another one. */
  look(topic: Topic): void;
}

export class Fetcher {
  readonly #cluster: Cluster;
  readonly #settings: Settings;
  /** Brokers that are asked now. */
  readonly #busy = new Set<string>();
  #isBusy = false;
  #downSince: number | undefined;
  #failure: Failure | undefined;

  constructor(cluster: Cluster, settings: Settings) {
    this.#cluster = cluster;
    this.#settings = settings;
  }

  /** Why nothing could be fetched for as long as may be waited. */
  get failure(): Failure | undefined {
    const { waitMs } = this.#cluster.settings;
    const isOver = this.#downSince !== undefined && elapsedMs() - this.#downSince >= waitMs;
    return this.#failure !== undefined && (isOver || !isTemporary(this.#failure)) ? this.#failure : undefined;
  }

  /** Asks for what lanes lack; rings when it is there. @param wanted of a batch */
  fill(lanes: readonly Lane[], wanted: { readonly count: number; readonly bytes: number }): void {
    const lacking = lanes.filter(({ buffered: { count, bytes }, isCut }) => {
      const isShort = isCut || (count < wanted.count && bytes < wanted.bytes);
      return isShort || (count * lanes.length < AHEAD.count && bytes * lanes.length < AHEAD.bytes);
    });
    if (lacking.length === 0 || this.#isBusy) return;
    // A batch of records that is longer than what is asked for is sent only of the first partition that has any.
    lacking.sort((one, other) => one.buffered.bytes - other.buffered.bytes);
    const isFull = isMemoryFull(lanes, wanted, this.#busy.size * MOST_BYTES);
    this.#isBusy = true;
    void this.#ask(lacking, isFull).finally(() => {
      this.#isBusy = false;
    });
  }

  /** @param isFull whether no more is fetched than what completes a batch, so that it is given and makes room */
  async #ask(lanes: readonly Lane[], isFull: boolean): Promise<void> {
    try {
      const topic = await this.#cluster.topic(this.#settings.topic);
      const leaderOf = ({ partition }: Lane) => topic.partitions[partition]?.leader;
      if (!lanes.every(leaderOf)) await this.#cluster.topic(topic.name, true);
      const askable = lanes.filter((lane) => {
        const leader = leaderOf(lane);
        return leader !== undefined && !this.#busy.has(nameOf(leader));
      });
      const completing = byMemory(askable.filter(({ hasMore }) => hasMore)).slice(0, 1);
      for (const [leader, own] of groupBy(isFull ? completing : askable, leaderOf))
        if (leader !== undefined) void this.#fetch(leader, topic, own);
    } catch (error) {
      await this.#fail(error);
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
      this.#failure = undefined;
      this.#downSince = undefined;
      for (const [at, lane] of lanes.entries()) {
        const fetched = found.find(({ partition }) => partition === lane.partition);
        // Meanwhile it may have been lost, or moved.
        const isAsWas = lane.isOurs && lane.fetchOffset === wanted[at]?.offset;
        if (fetched !== undefined && isAsWas) await this.#add(lane, fetched, topic);
      }
    } catch (error) {
      await this.#fail(error);
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
        `${shown}: partition ${partition}: messages from ${lane.fetchOffset} on are no longer there: goes on with ${first}`,
      );
      lane.moveTo(first);
      return;
    }
    const { ProtocolError } = await this.#cluster.library();
    throw new ProtocolError(errorCode);
  }

  async #fail(error: unknown): Promise<void> {
    this.#downSince ??= elapsedMs();
    this.#failure = kafkaFailure(this.#cluster.shown, error);
    if (!isPassing(error)) return;
    const topic = await this.#cluster.topic(this.#settings.topic, true).catch(() => undefined);
    if (topic !== undefined) this.#settings.look(topic);
    await this.#settings.changed.wait(RETRY_MS, this.#cluster.settings.signal);
  }
}

function nameOf({ host, port }: Broker): string {
  return `${host}:${port}`;
}
