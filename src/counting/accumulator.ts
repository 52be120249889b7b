/**
 * All that was counted so far: an aggregate, the groups of a kernel, and groups that came from other threads.
 *
 * They are added up only where they must be: when windows pass, and at the end. So most groups never leave the kernel's
 * memory until their rows are written.
 */

import { Failure, status } from '../failure.ts';
import type { Aggregate, PaneParts, PartsBySensor, WindowSummary } from '../stats/aggregate.ts';
import type { Groups } from './kernel/group-reader.ts';
import { groupsBySensor } from './kernel/groups-by-sensor.ts';
import type { ReadingsKernel } from './kernel/readings-kernel.ts';
import type { RowLayout } from './kernel/row-pieces.ts';
import { kernelRows, type WrittenRows } from './kernel-rows.ts';

/** All that a thread has counted, on its way to another: plain data. */
export interface PartialResult {
  readonly groups: Groups | undefined;
  readonly contents: readonly PaneParts[];
}

/** Filled by one counter; merges with accumulators of the same plan. */
export class Accumulator {
  readonly aggregate: Aggregate;
  #kernel: ReadingsKernel | undefined;
  readonly #elsewhere: PartsBySensor[] = [];
  #closed: WindowSummary[] = [];

  constructor(aggregate: Aggregate) {
    this.aggregate = aggregate;
  }

  /** Undefined before one is used. */
  get kernel(): ReadingsKernel | undefined {
    return this.#kernel;
  }

  /** Holds the groups of this kernel from now on. */
  useKernel(kernel: ReadingsKernel): void {
    this.#kernel = kernel;
    this.#setGoals();
  }

  /** Adds to the aggregate what the kernel could not keep, and its newest time. Due after it has counted. */
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

  /** Closes the windows that have passed. */
  closePassed(): void {
    if (!this.aggregate.hasPassed) return;
    this.drain();
    for (const window of this.aggregate.closePassed()) this.#closed.push(window);
    this.#setGoals();
  }

  /** Whether windows have closed since `takeClosed` was called last. */
  get hasClosed(): boolean {
    return this.#closed.length > 0;
  }

  /** The windows that have closed since the last call, in the order in which they end. */
  takeClosed(): WindowSummary[] {
    const closed = this.#closed;
    this.#closed = [];
    return closed;
  }

  /**
   * All windows that are still open, by sensor and start, in blocks: with a layout as text, where the kernel can write
   * their rows. Nothing is counted afterwards.
   *
   * @throws Failure, also while they are read, without memory for them
   */
  closeAll(): Generator<WindowSummary[]>;
  closeAll(layout: RowLayout | undefined): Generator<WindowSummary[] | WrittenRows>;
  closeAll(layout?: RowLayout): Generator<WindowSummary[] | WrittenRows> {
    const kernel = this.#kernel;
    kernel?.settle();
    this.addSpilled();
    const isAllHere = this.#elsewhere.length === 0;
    const rows = kernel && layout && isAllHere ? kernelRows(kernel, this.aggregate, layout) : undefined;
    if (rows !== undefined) return rows;
    this.#demandMemory();
    // Only now: its memory may have grown.
    const own = kernel === undefined ? [] : [groupsBySensor(kernel.groups())];
    return demandingMemory(this.aggregate.closeAll([...this.#elsewhere, ...own]));
  }

  /** All that was counted, for another thread. Nothing is counted afterwards. @throws Failure without memory for it */
  copy(): PartialResult {
    const groups = this.#kernel && copied(this.#kernel);
    this.addSpilled();
    return { groups, contents: [...this.aggregate.contents()] };
  }

  /** Adds what another accumulator has counted. @throws Failure when the kernel has no memory for it */
  add({ groups, contents }: PartialResult): void {
    const isElsewhere = groups !== undefined && !this.#kernel?.absorb(groups);
    this.#demandMemory();
    if (isElsewhere) this.#elsewhere.push(groupsBySensor(groups));
    this.addSpilled();
    for (const pane of contents) this.aggregate.addPane(pane);
  }

  /** Adds all of another accumulator, which is not used any more. */
  takeOver(other: Accumulator): void {
    if (this.#kernel === undefined && other.#kernel !== undefined) {
      this.useKernel(other.#kernel);
      other.#kernel = undefined;
    }
    this.#elsewhere.push(...other.#elsewhere);
    this.add(other.copy());
  }

  /** @throws Failure when the kernel has no memory left: objects for all that it holds would take many times as much */
  #demandMemory(): void {
    if (this.#kernel?.isExhausted) throw tooManyGroups();
  }

  /** Tells the kernel which readings are late, and which make windows pass. */
  #setGoals(): void {
    const { earliest, goal } = this.aggregate.watermark;
    this.#kernel?.setGoals(earliest, goal);
  }
}

/** The copied groups of a kernel. @throws Failure without memory for them */
function copied(kernel: ReadingsKernel): Groups {
  try {
    return kernel.copyGroups();
  } catch (error) {
    throw error instanceof RangeError ? tooManyGroups() : error;
  }
}

/** The same windows. @throws Failure where a Map, as that of the distinct values of one, can grow no further: 2^24 keys */
function* demandingMemory(windows: Iterable<WindowSummary[]>): Generator<WindowSummary[]> {
  try {
    for (const block of windows) yield block;
  } catch (error) {
    const isFull = error instanceof RangeError && /maximum size exceeded/.test(error.message);
    throw isFull ? tooManyGroups() : error;
  }
}

/** To hand on its groups would not help: outside of the kernel each of them takes many times as much memory. */
export function tooManyGroups(): Failure {
  const advice = 'count fewer or longer windows, or the sensors in parts';
  return new Failure(status.io, `memory is full of sensors and windows: ${advice}`);
}
