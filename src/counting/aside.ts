/**
 * Counts what arrives in a thread of its own, so that this one can read on meanwhile.
 *
 * The other thread goes on where a counter of this one has stopped, and counts all lines in their order to the end of
 * the source.
 */

import type { Worker } from 'node:worker_threads';
import { kernelModule } from '../kernel/module.ts';
import type { WholeLines } from '../readings/reading-interpreter.ts';
import { type BeltMemory, BeltStart, beltMemory } from './belt.ts';
import { type Counted, takeCounted } from './counted.ts';
import type { Counter, SourceState } from './counter.ts';
import type { Plan } from './plan.ts';
import type { Rejected } from './segment.ts';
import { startThread } from './thread.ts';

/** What the other thread is given at its start. */
export interface Aside {
  readonly kind: 'aside';
  readonly plan: Plan;
  /** Whether every rejected line is to be told. */
  readonly lists: boolean;
  readonly module: WebAssembly.Module | undefined;
  readonly belt: BeltMemory;
}

/** What it is told of the source before the first block. */
export interface Handover {
  readonly source: string;
  readonly state: SourceState;
  /** How many lines were counted, and what whole ones looked like. */
  readonly lines: number;
  readonly whole: WholeLines;
}

/** What it says. */
export type AsideMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'room' }
  | { readonly kind: 'report'; readonly accepted: number; readonly rejected: readonly Rejected[] }
  | { readonly kind: 'end'; readonly end: AsideEnd };

export interface AsideEnd {
  /** How many lines it has counted, and how many of them its kernel. */
  readonly lines: number;
  readonly plainLines: number;
  readonly counted: Counted;
}

export interface AsideOptions {
  readonly plan: Plan;
  readonly lists: boolean;
  report(accepted: number, rejected: readonly Rejected[]): void;
}

/** The thread as it is seen from here. */
export class AsideCounter {
  readonly #worker: Worker;
  readonly #belt: BeltStart;
  readonly #end: Promise<AsideEnd>;
  #isReady = false;
  #hasTakenOver = false;
  #hasFailed = false;
  #tellRoom = () => {};

  /** Starts the thread, which takes a while; until it takes over, the counter here has to count. */
  constructor({ plan, lists, report }: AsideOptions) {
    const belt = beltMemory();
    this.#belt = new BeltStart(belt);
    this.#worker = startThread({ kind: 'aside', plan, lists, module: kernelModule('kernel'), belt });
    this.#end = new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        this.#hasFailed = true;
        reject(error);
      };
      this.#worker.on('message', (message: AsideMessage) => {
        try {
          if (message.kind === 'ready') this.#isReady = true;
          if (message.kind === 'room') this.#tellRoom();
          if (message.kind === 'report') report(message.accepted, message.rejected);
          if (message.kind === 'end') resolve(message.end);
        } catch (error) {
          fail(error);
        }
      });
      this.#worker.on('error', fail);
      this.#worker.on('exit', () => fail(new Error('a worker has ended too early')));
    });
    // Awaited later; until then an error must not count as unhandled.
    this.#end.catch(() => {});
  }

  get hasTakenOver(): boolean {
    return this.#hasTakenOver;
  }

  /** Goes on where this counter stands, if the thread is ready and that is a place for it. */
  takeOver(counter: Counter): void {
    const { state, exact } = counter;
    if (!this.#isReady || state === undefined) return;
    const { source, lines, whole } = exact;
    this.#worker.postMessage({ source, state, lines, whole } satisfies Handover);
    this.#belt.put(counter.takePending());
    this.#hasTakenOver = true;
  }

  /** Counts the next bytes; waits while too many are not counted yet. @throws what the thread or `report` has thrown */
  async put(bytes: Buffer): Promise<void> {
    if (this.#hasFailed) await this.#end;
    let at = this.#belt.put(bytes);
    while (at < bytes.length) {
      await this.#room();
      at += this.#belt.put(bytes.subarray(at));
    }
  }

  /** The source has ended: what the thread has counted goes to the counter, as if it had done it all. */
  async end(counter: Counter): Promise<AsideEnd> {
    this.#belt.end();
    const end = await this.#end;
    takeCounted(counter.aggregate, end.counted);
    return end;
  }

  /** Ends the thread, whatever it does. */
  close(): void {
    void this.#worker.terminate();
  }

  async #room(): Promise<void> {
    const told = new Promise<void>((resolve) => {
      this.#tellRoom = resolve;
    });
    // The thread may fail instead.
    if (this.#belt.awaitRoom()) await Promise.race([told, this.#end]);
  }
}
