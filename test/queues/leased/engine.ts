/** An in-memory engine, for tests of the lease mechanism. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { elapsedMs } from '../../../src/async/clock.ts';
import { Failure, status } from '../../../src/failure.ts';
import type { Engine, Leased, Lost } from '../../../src/queues/leased/engine.ts';

interface Ready {
  readonly text: string;
  readonly key: string | undefined;
}

/** Holds messages, and records calls as `verb text text`. */
export class MemoryEngine implements Engine {
  readonly shown = 'q';
  readonly told: string[] = [];
  readonly settings = {
    warn: (message: string) => void this.told.push(`warn ${message}`),
    explain: (message: string) => void this.told.push(`explain ${message}`),
  };
  readonly leaseMs: number = 60_000;
  readonly hasOrder: boolean = true;
  readonly mostReceived: number = 10;
  readonly requestsAtOnce: number = 1;
  readonly did: string[] = [];
  /** The calls of `receive`. */
  readonly asked: { readonly count: number; readonly waitMs: number }[] = [];
  /** Messages that are ready. */
  ready: Ready[] = [];
  /** The texts whose leases it reports as expired. */
  lost = new Set<string>();
  /** The error that a method throws, by name. */
  failures: { [name in keyof Engine]?: Error } = {};
  isElsewhere = false;
  /** Whether `receive` returns at once when there is nothing, whatever the wait. */
  isHasty = false;
  #deliveries = 0;
  #wake = () => {};

  constructor(
    settings: Partial<Pick<Engine, 'leaseMs' | 'hasOrder' | 'mostReceived' | 'requestsAtOnce'>> = {},
  ) {
    Object.assign(this, settings);
  }

  /** @param texts the letters before the number are the key: `a1`; no key without letters: `1` */
  put(...texts: string[]): void {
    this.ready.push(...texts.map((text) => ({ text, key: /^[a-z]+/.exec(text)?.[0] })));
    this.#wake();
  }

  async receive(count: number, waitMs: number, signal: AbortSignal) {
    this.asked.push({ count, waitMs });
    if (this.isHasty) await nextTurn();
    else if (this.ready.length === 0 && waitMs > 0)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, Math.min(waitMs, 20_000)).unref();
        signal.addEventListener('abort', () => resolve());
      });
    this.#fail('receive');
    const messages = this.ready.splice(0, count).map(
      ({ text, key }): Leased => ({
        ...{ sequence: undefined, messageId: text, receipt: `${text}/${this.#deliveries++}`, time: 0 },
        ...{ body: Buffer.from(text), ...(key !== undefined && { key }) },
      }),
    );
    return { messages, since: elapsedMs() };
  }

  async extend(messages: readonly Leased[]): Promise<Lost[]> {
    this.#note('extend', messages);
    return this.#lostOf(messages);
  }

  async release(messages: readonly Leased[]): Promise<void> {
    this.#note('release', messages);
  }

  async acknowledge(messages: readonly Leased[]): Promise<Lost[]> {
    this.#note('acknowledge', messages);
    return this.#lostOf(messages);
  }

  async putDead(message: Leased): Promise<void> {
    this.#note('putDead', [message]);
  }

  async isEmpty(): Promise<boolean> {
    return !this.isElsewhere;
  }

  #note(verb: 'extend' | 'release' | 'acknowledge' | 'putDead', messages: readonly Leased[]): void {
    this.did.push([verb, ...messages.map(({ messageId }) => messageId)].join(' '));
    this.#fail(verb);
  }

  #fail(name: keyof Engine): void {
    const failure = this.failures[name];
    if (failure !== undefined) throw failure;
  }

  #lostOf(messages: readonly Leased[]): Lost[] {
    const lost = messages.filter(({ messageId = '' }) => this.lost.has(messageId));
    return lost.map((item) => ({ item, reason: 'as told' }));
  }
}

export const away = new Failure(status.temporary, 'q: away');
export const refused = new Failure(status.unavailable, 'q: refused');
