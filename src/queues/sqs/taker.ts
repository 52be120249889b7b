/** Takes batches: those that were given back when their time has come, else of what the receiver has. */

import { Bell } from '../../async/bell.ts';
import { elapsedMs } from '../../async/clock.ts';
import { type HeldBatch, HeldBatches } from '../held-batches.ts';
import type { Again, TakenBatch, TakeRequest } from '../queue.ts';
import { countsOf, visibilityOf } from './attributes.ts';
import { SqsBatch } from './batch.ts';
import { LONGEST_POLL_S, type SqsClient } from './client.ts';
import type { DeadLetters } from './dead-letters.ts';
import { Leases } from './leases.ts';
import type { Received } from './message.ts';
import { Receiver } from './receiver.ts';

/** Of a taker that ends when the queue is empty: SQS looks everywhere only when it may wait. */
const LAST_LOOK_MS = 1000;
/** Messages that wait for others of their key, in this process: with more of them no others are asked for. */
const MOST_WAITING = 1000;

type Batch = HeldBatch<Received>;
type Lane = number | string;

/** What takes share: it is there from the first one on. */
interface Parts {
  readonly leases: Leases;
  readonly receiver: Receiver;
}

export class SqsTaker {
  readonly #client: SqsClient;
  readonly #dead: DeadLetters;
  readonly #bell = new Bell();
  readonly #held = new HeldBatches<Received>();
  /** Those that are out. */
  readonly #out = new Set<Batch>();
  #parts: Promise<Parts> | undefined;
  /** Of a queue .fifo: the keys of each lane of which a batch is out or held. */
  readonly #keys = new Map<Lane, (string | undefined)[]>();
  #lanes = 0;

  constructor(client: SqsClient, dead: DeadLetters) {
    this.#client = client;
    this.#dead = dead;
  }

  /** See `Queue`. */
  async take(request: TakeRequest): Promise<TakenBatch | undefined> {
    const { signal, endsWhenEmpty } = request;
    const { leases, receiver } = await this.#begun();
    receiver.begin();
    let seenAt: number | undefined;
    while (!signal.aborted) {
      const held = this.#held.take((lane) => this.#isOut(lane));
      if (held !== undefined) return this.#give(held, request, leases);
      const { messages, isFull } = this.#next(receiver.ready, request);
      if (messages.length > 0) seenAt ??= elapsedMs();
      const lingerMs = seenAt === undefined ? 0 : Math.max(0, seenAt + request.lingerMs - elapsedMs());
      const mayAsk = receiver.ready.length - messages.length < MOST_WAITING;
      const isDone = lingerMs === 0 && !(receiver.isPlenty && mayAsk);
      if (isFull || (messages.length > 0 && isDone)) {
        receiver.take(messages);
        return this.#give({ lane: this.#laneOf(messages), messages, tries: 0, delays: 0 }, request, leases);
      }
      if (endsWhenEmpty && receiver.sawNothing && (await this.#isEmpty(receiver))) return undefined;
      const pauseMs = Math.min(
        LONGEST_POLL_S * 1000,
        this.#held.msToNext((lane) => this.#isOut(lane)) ?? Number.POSITIVE_INFINITY,
        lingerMs || Number.POSITIVE_INFINITY,
      );
      const pollMs = endsWhenEmpty ? Math.min(pauseMs, LAST_LOOK_MS) : pauseMs;
      if (mayAsk) receiver.ask({ count: request.count - messages.length, pollMs });
      await this.#bell.wait(pauseMs, signal);
    }
    return undefined;
  }

  /** Returns what is not in work to the queue. */
  async close(): Promise<void> {
    if (this.#parts === undefined) return;
    const parts = await this.#parts.catch(() => undefined);
    if (parts === undefined) return;
    const { leases, receiver } = parts;
    const held = this.#held.dropAll().flatMap(({ messages }) => messages);
    const ready = await receiver.close();
    await leases.release([...held, ...ready]);
    leases.close();
  }

  #begun(): Promise<Parts> {
    this.#parts ??= this.#begin();
    this.#parts.catch(() => {
      this.#parts = undefined;
    });
    return this.#parts;
  }

  async #begin(): Promise<Parts> {
    const leases = new Leases(this.#client, await visibilityOf(this.#client));
    return { leases, receiver: new Receiver(this.#client, leases, this.#bell) };
  }

  /** What a batch could have now. Of a queue .fifo none whose key is in another batch. */
  #next(ready: readonly Received[], { count, bytes }: TakeRequest) {
    const busy = new Set([...this.#keys.values()].flat());
    const messages: Received[] = [];
    let size = 0;
    for (const message of ready) {
      if (message.key !== undefined && busy.has(message.key)) continue;
      size += message.body.length;
      if (messages.length > 0 && size > bytes) return { messages, isFull: true };
      messages.push(message);
      if (messages.length === count) return { messages, isFull: true };
    }
    return { messages, isFull: false };
  }

  /** A lane for a batch and its halves. */
  #laneOf(messages: readonly Received[]): Lane | undefined {
    if (!this.#client.address.isFifo) return undefined;
    const lane = this.#lanes++;
    this.#keys.set(lane, [...new Set(messages.map(({ key }) => key))]);
    return lane;
  }

  #isOut(lane: Lane): boolean {
    return [...this.#out].some((batch) => batch.lane === lane);
  }

  #end(batch: Batch): void {
    const { lane } = batch;
    this.#out.delete(batch);
    if (lane !== undefined && !this.#held.holds(lane)) this.#keys.delete(lane);
    this.#bell.ring();
  }

  #give(batch: Batch, { group }: TakeRequest, leases: Leases): TakenBatch {
    this.#out.add(batch);
    const done = () => this.#end(batch);
    const { shown, isFifo } = this.#client.address;
    return new SqsBatch(batch, {
      ...{ group, shown, isFifo, leases, dead: this.#dead, done },
      hold: (again: Again) => {
        this.#held.giveBack(batch, again);
        done();
      },
      halve: (tries: number) => {
        this.#held.halve(batch, tries);
        done();
      },
    });
  }

  /** Whether nothing is ready, delayed or out anywhere. */
  async #isEmpty(receiver: Receiver): Promise<boolean> {
    // Before the next time it must look again.
    receiver.sawNothing = false;
    if (!this.#held.isEmpty || this.#out.size > 0 || receiver.ready.length > 0) return false;
    const { ready, leased, delayed } = await countsOf(this.#client);
    return ready + leased + delayed === 0;
  }
}
