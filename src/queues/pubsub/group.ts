/** A group of takers: a subscription, from which batches are taken. */

import { Bell } from '../../async/bell.ts';
import { elapsedMs } from '../../async/clock.ts';
import { type HeldBatch, HeldBatches } from '../held-batches.ts';
import type { TakenBatch, TakeRequest } from '../queue.ts';
import { type Out, PubsubBatch } from './batch.ts';
import type { Connection } from './connection.ts';
import { codes, isRefusal } from './failures.ts';
import { Leases, type Taken } from './leases.ts';
import { fromPubsub } from './message.ts';
import { Pool } from './pool.ts';
import type { ReceivedMessage } from './service.ts';

/** How long the service is asked to wait for a message, at most. */
const PULL_MS = 60_000;
/** The same where an empty queue is the end. */
const LAST_PULL_MS = 1000;
/** Of one answer. */
const MOST_MESSAGES = 1000;

export interface GroupSettings {
  readonly shown: string;
  readonly connection: Connection;
  readonly subscription: string;
  /** How long a message is out before it comes again, unless that is made longer. */
  readonly leaseSeconds: number;
  /** Puts a message among the dead letters. */
  readonly putDead: Out['putDead'];
}

export class Group {
  readonly #settings: GroupSettings;
  readonly #leases: Leases;
  readonly #pool = new Pool();
  readonly #held = new HeldBatches<Taken>();
  /** Batches that are out, by the lanes of their keys. */
  readonly #lanesOut = new Set<number | string>();
  #batchesOut = 0;
  #lanes = 0;
  readonly #changed = new Bell();
  /** Ends the pulls that wait. */
  readonly #pulls = new Set<AbortController>();

  constructor(settings: GroupSettings) {
    this.#settings = settings;
    this.#leases = new Leases(settings.connection, settings.subscription, settings.leaseSeconds);
  }

  async take(request: TakeRequest): Promise<TakenBatch | undefined> {
    const patience = this.#settings.connection.patience();
    while (!request.signal.aborted)
      try {
        const batch = this.#takeHeld() ?? (await this.#takeNew(request));
        if (batch !== undefined) return batch;
        patience.succeeded();
        if (request.endsWhenEmpty && this.#isIdle() && !request.signal.aborted) return undefined;
      } catch (error) {
        if (!request.signal.aborted) await this.#changed.wait(patience.failed(error), request.signal);
      }
    return undefined;
  }

  /** What is not acknowledged comes again at once. */
  close(): Promise<void> {
    return this.#leases.giveUpAll();
  }

  #isIdle(): boolean {
    return this.#held.isEmpty && this.#pool.isEmpty && this.#batchesOut === 0;
  }

  /** A batch that was given back, unless it has become another's meanwhile. */
  #takeHeld(): TakenBatch | undefined {
    for (;;) {
      const held = this.#held.take((lane) => this.#lanesOut.has(lane));
      if (held === undefined || !this.#leases.isLost(held.messages)) return held && this.#out(held);
      this.#pool.free(held.messages);
      this.#leases.giveUp(held.messages);
    }
  }

  /** A batch of messages that arrive; undefined when none came, or a held batch is ready. */
  async #takeNew({
    count,
    bytes,
    lingerMs,
    endsWhenEmpty,
    signal,
  }: TakeRequest): Promise<TakenBatch | undefined> {
    const limits = { count, bytes };
    let firstSeen: number | undefined;
    for (;;) {
      this.#pool.drop((each) => this.#leases.isLost([each]));
      const { ready, isFull } = this.#pool.look(limits);
      if (ready > 0) firstSeen ??= elapsedMs();
      const longest = endsWhenEmpty ? LAST_PULL_MS : PULL_MS;
      const left =
        firstSeen === undefined
          ? Math.min(longest, this.#msToHeld() ?? longest)
          : lingerMs - (elapsedMs() - firstSeen);
      if (ready > 0 && (isFull || left <= 0 || signal.aborted)) break;
      if (left <= 0 || signal.aborted) return undefined;
      const arrived = await this.#pull(Math.min(count - ready, MOST_MESSAGES), left, signal);
      this.#leases.keep(arrived);
      this.#pool.add(arrived);
      if (arrived.length === 0 && ready === 0) return undefined;
    }
    const messages = this.#pool.take(limits);
    const hasKeys = messages.some(({ message }) => message.key !== undefined);
    return this.#out({ lane: hasKeys ? this.#lanes++ : undefined, messages, tries: 0, delays: 0 });
  }

  #msToHeld(): number | undefined {
    return this.#held.msToNext((lane) => this.#lanesOut.has(lane));
  }

  async #pull(maxMessages: number, timeoutMs: number, signal: AbortSignal): Promise<Taken[]> {
    const stop = new AbortController();
    const end = () => stop.abort();
    signal.addEventListener('abort', end, { once: true });
    this.#pulls.add(stop);
    const { connection, subscription } = this.#settings;
    try {
      const options = { timeoutMs, signal: stop.signal };
      const since = elapsedMs();
      const answer = await connection.once('Subscriber/Pull', { subscription, maxMessages }, options);
      return (answer.receivedMessages ?? []).map((each) =>
        toTaken(each, Math.max(since, elapsedMs() - 1000)),
      );
    } catch (error) {
      if (stop.signal.aborted || isRefusal(error, codes.deadlineExceeded)) return [];
      throw error;
    } finally {
      signal.removeEventListener('abort', end);
      this.#pulls.delete(stop);
    }
  }

  #out(batch: HeldBatch<Taken>): TakenBatch {
    this.#batchesOut++;
    if (batch.lane !== undefined) this.#lanesOut.add(batch.lane);
    return new PubsubBatch(batch, {
      ...this.#settings,
      leases: this.#leases,
      giveBack: (again) => this.#held.giveBack(batch, again),
      halve: (tries) => this.#held.halve(batch, tries),
      done: (isUsed) => this.#done(batch, isUsed),
    });
  }

  #done({ lane, messages }: HeldBatch<Taken>, isUsed: boolean): void {
    this.#batchesOut--;
    if (lane !== undefined) this.#lanesOut.delete(lane);
    if (isUsed) {
      this.#pool.free(messages);
      this.#leases.letGo(messages);
    }
    this.#changed.ring();
    if (!this.#held.isEmpty || !this.#pool.isEmpty) for (const stop of this.#pulls) stop.abort();
  }
}

function toTaken({ ackId, message }: ReceivedMessage, since: number): Taken {
  return { message: fromPubsub(message ?? {}), ackId: ackId ?? '', since };
}
