/**
 * The kernel as the program sees it: WebAssembly that counts plain lines, and its memory.
 *
 * How it works is said in `src/kernels/readings/kernel.ts`.
 */

import type { Range } from '../../readings/range.ts';
import type { Held } from '../../stats/aggregate.ts';
import type { SummaryParts } from '../../stats/summary.ts';
import type { Span } from '../../stats/windows.ts';
import { type Groups, groupParts } from './group-reader.ts';
import { bySensor } from './groups-by-sensor.ts';
import {
  type Exports,
  type KernelShape,
  LONG_GROUP,
  NO_SCALE,
  writeMembers,
  writeRange,
} from './readings-abi.ts';

/** So many groups are mostly new ones, and read where they are in less time; in bytes. */
const MOST_ABSORBED = 1 << 25;

export interface KernelOptions {
  readonly times: boolean;
  readonly squares: boolean;
  readonly distinct: boolean;
  readonly panes: boolean;
  /** The length of panes that count from the epoch; undefined when `locate` must be asked. */
  readonly paneLengthMs: number | undefined;
  readonly range: Range | undefined;
  /** The names of the members of NDJSON: up to 16 bytes of ASCII each. */
  readonly members: readonly [time: string, sensor: string, value: string];
  locate(time: number): Span;
}

/** Takes what a group held, which the kernel forgets. */
export type Take = (sensor: string, pane: number, parts: SummaryParts) => void;

export class Kernel {
  readonly #exports: Exports;
  #bytes: Buffer;
  #shape: KernelShape | undefined;
  readonly #wantsTimes: boolean;
  #keepsTimes = false;
  /** To be set before it is fed. */
  take: Take = () => {};

  constructor(module: WebAssembly.Module, options: KernelOptions) {
    const host = {
      locate: (time: number) => {
        const span = options.locate(time);
        this.#set('paneStart', span.start);
        this.#set('paneEnd', span.end);
      },
      spill: (group: number) => this.#spill(group >>> 0),
    };
    this.#exports = new WebAssembly.Instance(module, { host }).exports as unknown as Exports;
    this.#bytes = Buffer.from(this.#exports.memory.buffer);
    const { squares, distinct, panes, paneLengthMs, range } = options;
    this.#wantsTimes = options.times;
    this.#exports.initialise(squares, distinct, panes, paneLengthMs ?? 0, range !== undefined);
    if (range !== undefined) writeRange(this.#bytes, range);
    writeMembers(this.#bytes, options.members);
  }

  /** The memory; valid until the next `scan`. */
  get bytes(): Buffer {
    // Memory that has grown leaves nothing to those who knew it.
    if (this.#bytes.length === 0) this.#bytes = Buffer.from(this.#exports.memory.buffer);
    return this.#bytes;
  }

  /** Says what lines look like, and whether that is new; if so, it must be fed again. */
  setShape(shape: KernelShape): boolean {
    const known = this.#shape;
    const names = Object.keys(shape) as (keyof KernelShape)[];
    if (known !== undefined && names.every((name) => shape[name] === known[name])) return false;
    this.#shape = shape;
    const { json, delimiter, time, sensor, value, width, carriageReturn } = shape;
    this.#keepTimes(this.#wantsTimes && (json || time >= 0));
    this.#exports.setShape(json, delimiter, time, sensor, value, width, carriageReturn);
    return true;
  }

  /** Groups have room for the first and the last reading only where lines have times. */
  #keepTimes(times: boolean): void {
    if (times === this.#keepsTimes) return;
    this.#keepsTimes = times;
    this.drain();
  }

  /** Lines from one address to another; the first begins there. */
  feed(start: number, end: number): void {
    this.#exports.feed(start, end);
  }

  /** Counts on, and says why it stopped. */
  scan(): number {
    return this.#exports.scan();
  }

  /** Where the line begins that it stopped at or, when it has passed the watermark, the next one. */
  get lineStart(): number {
    return this.#exports.lineStart.value;
  }

  /** How many lines it has counted since this was asked last. */
  takeCount(): number {
    const { counted } = this.#exports;
    const lines = counted.value >>> 0;
    counted.value = 0;
    return lines;
  }

  /** The least digits after the point of values with a time since this was asked last; undefined without any. */
  takeLeastScale(): number | undefined {
    const { leastScale } = this.#exports;
    const scale: number = leastScale.value;
    if (scale === NO_SCALE) return undefined;
    leastScale.value = NO_SCALE;
    return scale;
  }

  get newest(): number {
    return this.#get('newest');
  }

  /** Readings before this time are for the exact engine. */
  set earliest(time: number) {
    this.#set('earliest', time);
  }

  /** It stops at a reading from this time on. */
  set watermarkGoal(time: number) {
    this.#set('watermarkGoal', time);
  }

  /** Hands over all that it holds, and begins anew. */
  drain(): void {
    this.#exports.settleAll();
    for (const [sensor, pane, parts] of groupParts(this.#groups(this.#exports.memory.buffer, 0)))
      this.take(sensor, pane, parts);
    this.#exports.clear(this.#keepsTimes);
  }

  /** All that it holds, read from where it is when it is asked for. Comes last. */
  held(): Held {
    this.#exports.settleAll();
    return bySensor(this.#groups(this.#exports.memory.buffer, 0));
  }

  /** A copy of all that it holds, for another kernel or `bySensor`, in another thread. Comes last. */
  copyGroups(): Groups {
    const start = this.#address('heapStart');
    const isMuch = this.#address('heapEnd') - start > MOST_ABSORBED;
    if (!isMuch && this.#exports.pack()) {
      const block = this.#address('blockStart');
      return {
        memory: this.#exports.memory.buffer.slice(block, this.#address('heapEnd')),
        start: block,
        lastGroup: this.#address('blockGroup'),
        lastValue: this.#address('blockValue'),
        isLong: this.#isLong,
      };
    }
    this.#exports.settleAll();
    return this.#groups(this.#exports.memory.buffer.slice(start, this.#address('heapEnd')), start);
  }

  /** Takes in what another kernel of the same plan has copied; false, and nothing is taken, when it cannot, or should not. */
  absorb({ memory, start, lastGroup, lastValue, isLong }: Groups): boolean {
    if (isLong !== this.#isLong || memory.byteLength > MOST_ABSORBED) return false;
    const place = this.#exports.makeRoom(memory.byteLength) >>> 0;
    if (place === 0) return false;
    this.bytes.set(new Uint8Array(memory), place);
    return this.#exports.absorb(place - start, lastGroup, lastValue) !== 0;
  }

  #groups(memory: ArrayBuffer, start: number): Groups {
    return {
      memory,
      start,
      lastGroup: this.#address('lastGroup'),
      lastValue: this.#address('lastValue'),
      isLong: this.#isLong,
    };
  }

  /** Whether groups hold times or squares. */
  get #isLong(): boolean {
    return this.#get('groupSize') === LONG_GROUP;
  }

  #spill(group: number): void {
    const groups = this.#groups(this.#exports.memory.buffer, 0);
    for (const [sensor, pane, parts] of groupParts(groups, group)) this.take(sensor, pane, parts);
  }

  #get(name: string): number {
    return Number((this.#exports[name] as WebAssembly.Global).value);
  }

  /** WebAssembly gives 32 bits with a sign. */
  #address(name: string): number {
    return this.#get(name) >>> 0;
  }

  #set(name: string, value: number): void {
    (this.#exports[name] as WebAssembly.Global).value = value;
  }
}
