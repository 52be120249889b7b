/**
 * Everything counted so far: an aggregate, the groups of a kernel, and groups from other threads.
 *
 * They are merged only when they must be: when windows close, and at the end. So most groups stay in the kernel's memory
 * until their rows are written.
 */

import { Failure, status } from '../failure.ts';
import type { Aggregate, PaneParts, PartsBySensor, WindowSummary } from '../stats/aggregate.ts';
import type { Groups } from './kernel/group-reader.ts';
import { groupsBySensor } from './kernel/groups-by-sensor.ts';
import type { ReadingsKernel } from './kernel/readings-kernel.ts';
import type { RowLayout } from './kernel/row-pieces.ts';
import { kernelRows, type WrittenRows } from './kernel-rows.ts';

/** Everything a thread has counted, as plain data that can be sent to another. */
export interface PartialResult {
  readonly groups: Groups | undefined;
  readonly contents: readonly PaneParts[];
}

/** Filled by one counter; can merge accumulators of the same plan. */
export class Accumulator {
  readonly aggregate: Aggregate;
  #kernel: ReadingsKernel | undefined;
  /** Groups of other threads that the kernel could not absorb. */
  readonly #foreign: PartsBySensor[] = [];
  #closed: WindowSummary[] = [];

  constructor(aggregate: Aggregate) {
    this.aggregate = aggregate;
  }

  /** Undefined until `useKernel`. */
  get kernel(): ReadingsKernel | undefined {
    return this.#kernel;
  }

  /** Holds the groups of this kernel from now on. */
  useKernel(kernel: ReadingsKernel): void {
    this.#kernel = kernel;
    this.#setGoals();
  }

  /** Adds the groups that the kernel spilled, and its newest time, to the aggregate. Due after the kernel has counted. */
  addSpilled(): void {
    if (this.#kernel === undefined) return;
    this.aggregate.watermark.see(this.#kernel.newest);
    for (const group of this.#kernel.takeSpilled()) this.aggregate.addParts(...group);
  }

  /** Empties the kernel into the aggregate. */
  drain(): void {
    this.#kernel?.drain();
    this.addSpilled();
  }

  /** Closes the windows that the watermark has passed. */
  closePassed(): void {
    if (!this.aggregate.hasPassed) return;
    this.drain();
    for (const window of this.aggregate.closePassed()) this.#closed.push(window);
    this.#setGoals();
  }

  /** Whether windows have closed since the last `takeClosed`. */
  get hasClosed(): boolean {
    return this.#closed.length > 0;
  }

  /** The windows closed since the last call, by end. */
  takeClosed(): WindowSummary[] {
    const closed = this.#closed;
    this.#closed = [];
    return closed;
  }

  /**
   * All windows still open, by sensor and start, in blocks. With a layout they are text, as far as the kernel can write
   * their rows. Nothing can be counted afterwards.
   *
   * @throws Failure if memory runs out, also during iteration
   */
  closeAll(): Generator<WindowSummary[]>;
  closeAll(layout: RowLayout | undefined): Generator<WindowSummary[] | WrittenRows>;
  closeAll(layout?: RowLayout): Generator<WindowSummary[] | WrittenRows> {
    const kernel = this.#kernel;
    kernel?.settle();
    this.addSpilled();
    const isAllOwn = this.#foreign.length === 0;
    const rows = kernel && layout && isAllOwn ? kernelRows(kernel, this.aggregate, layout) : undefined;
    if (rows !== undefined) return rows;
    this.#demandMemory();
    // Read the groups only now: the kernel's memory may have grown.
    const own = kernel === undefined ? [] : [groupsBySensor(kernel.groups())];
    return demandingMemory(this.aggregate.closeAll([...this.#foreign, ...own]));
  }

  /** Everything counted, for another thread. Nothing can be counted afterwards. @throws Failure if memory runs out */
  copy(): PartialResult {
    const groups = this.#kernel && copied(this.#kernel);
    this.addSpilled();
    return { groups, contents: [...this.aggregate.contents()] };
  }

  /** Adds what another accumulator has counted. @throws Failure if the kernel runs out of memory */
  add({ groups, contents }: PartialResult): void {
    const isForeign = groups !== undefined && !this.#kernel?.absorb(groups);
    this.#demandMemory();
    if (isForeign) this.#foreign.push(groupsBySensor(groups));
    this.addSpilled();
    for (const pane of contents) this.aggregate.addPane(pane);
  }

  /** Adds everything in another accumulator, which must not be used afterwards. */
  takeOver(other: Accumulator): void {
    if (this.#kernel === undefined && other.#kernel !== undefined) {
      this.useKernel(other.#kernel);
      other.#kernel = undefined;
    }
    this.#foreign.push(...other.#foreign);
    this.add(other.copy());
  }

  /** Objects for all groups would take many times the kernel's memory. @throws Failure if the kernel has run out of it */
  #demandMemory(): void {
    if (this.#kernel?.isExhausted) throw tooManyGroups();
  }

  /** Tells the kernel which readings are late, and at which time windows close. */
  #setGoals(): void {
    const { earliest, goal } = this.aggregate.watermark;
    this.#kernel?.setGoals(earliest, goal);
  }
}

/** The copied groups of a kernel. @throws Failure if memory runs out */
function copied(kernel: ReadingsKernel): Groups {
  try {
    return kernel.copyGroups();
  } catch (error) {
    throw error instanceof RangeError ? tooManyGroups() : error;
  }
}

/** Passes windows through. @throws Failure if a Map, such as that of distinct values, hits its limit of 2^24 keys */
function* demandingMemory(windows: Iterable<WindowSummary[]>): Generator<WindowSummary[]> {
  try {
    for (const block of windows) yield block;
  } catch (error) {
    const isFull = error instanceof RangeError && /maximum size exceeded/.test(error.message);
    throw isFull ? tooManyGroups() : error;
  }
}

/** Spilling the groups would not help: outside the kernel each takes many times as much memory. */
export function tooManyGroups(): Failure {
  const advice = 'count fewer or longer windows, or the sensors in parts';
  return new Failure(status.io, `memory is full of sensors and windows: ${advice}`);
}
