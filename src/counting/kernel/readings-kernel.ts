/**
 * The host of the kernel of get-stats: WebAssembly that counts plain lines, and its memory.
 *
 * `src/kernels/readings/kernel.ts` explains how it works.
 */

import type { SummaryParts } from '../../stats/summary.ts';
import { Globals } from './globals.ts';
import { type GroupParts, type Groups, groupParts } from './group-reader.ts';
import { headroom } from './headroom.ts';
import { KernelGroups } from './kernel-groups.ts';
import {
  type Exports,
  type KernelOptions,
  type KernelShape,
  NO_SCALE,
  writeHashKey,
  writeMembers,
  writeRange,
} from './readings-abi.ts';
import type { RowLayout } from './row-pieces.ts';
import { rowPrograms } from './row-program.ts';
import { RowWriter } from './row-writer.ts';
import { UnitTexts } from './unit-texts.ts';

/** The unit in which memory grows, in bytes, and the most there can be. */
const PAGE = 65_536;
const MAX_PAGES = 65_536;

/** Why the kernel stopped, and what it has counted since the previous stop. */
interface Stop {
  /** One of `stop` in `readings-abi.ts`. */
  readonly reason: number;
  /** Where the line begins at which it stopped or, if a window has passed, the next one. */
  readonly lineStart: number;
  readonly lines: number;
  /** The fewest decimal places of these lines' values; undefined if no line has a time. */
  readonly leastScale: number | undefined;
}

/** Counts plain lines that lie in its memory, into groups by sensor and pane. */
export class ReadingsKernel {
  readonly #options: KernelOptions;
  readonly #exports: Exports;
  readonly #globals: Globals;
  readonly #groups: KernelGroups;
  #bytes: Buffer;
  #shape: KernelShape | undefined;
  readonly #wantsTimes: boolean;
  #keepsTimes = false;
  #spilled: GroupParts[] = [];
  #rows: RowWriter | undefined;

  constructor(module: WebAssembly.Module, options: KernelOptions) {
    this.#options = options;
    const host = {
      pagesOfHeadroom: () => Math.min(MAX_PAGES, Math.floor(headroom() / PAGE)),
      locate: (time: number) => this.#globals.setSpan('pane', options.locate(time)),
      locateWindow: (resolution: number, time: number, from: number) => {
        const window = options.windows[resolution]?.windowAt(time, from);
        if (window === undefined) return;
        this.#globals.setSpan('window', window);
        this.#globals.set('windowNext', window.next);
      },
      spill: (group: number) => this.#spill(group >>> 0),
      unitOf: (sensor: number) => this.#rows?.unitOf(sensor >>> 0) ?? 0,
    };
    this.#exports = new WebAssembly.Instance(module, { host }).exports as unknown as Exports;
    this.#globals = new Globals(this.#exports);
    this.#groups = new KernelGroups(this.#exports, this.#globals);
    this.#bytes = Buffer.from(this.#exports.memory.buffer);
    const { squares, distinct, panes, paneLengthMs, range } = options;
    this.#wantsTimes = options.times;
    writeHashKey(this.#bytes);
    this.#exports.initialise(squares, distinct, panes, paneLengthMs ?? 0, range !== undefined);
    if (range !== undefined) writeRange(this.#bytes, range);
    writeMembers(this.#bytes, options.members);
  }

  /** The memory; a new buffer whenever it has grown. */
  get bytes(): Buffer {
    // Growing detaches the old buffer, which is then empty.
    if (this.#bytes.length === 0) this.#bytes = Buffer.from(this.#exports.memory.buffer);
    return this.#bytes;
  }

  /** The newest time of any reading, in epoch milliseconds; -Infinity if there was none. */
  get newest(): number {
    return this.#globals.get('newest');
  }

  /** The number of groups, one per sensor and pane. */
  get groupCount(): number {
    return this.#globals.address('groupCount');
  }

  /** Readings before `earliest` are for the exact engine; one at or after `goal` stops the scan. Epoch milliseconds. */
  setGoals(earliest: number, goal: number): void {
    this.#globals.set('earliest', earliest);
    this.#globals.set('watermarkGoal', goal);
  }

  /** Readings after this time, in epoch milliseconds, are for the exact engine. */
  setLatest(latest: number): void {
    this.#globals.set('latestTime', latest);
  }

  /** Sets the shape of lines; returns whether it has changed, so that the kernel must be fed again. May spill. */
  setShape(shape: KernelShape): boolean {
    const known = this.#shape;
    const names = Object.keys(shape) as (keyof KernelShape)[];
    if (known !== undefined && names.every((name) => shape[name] === known[name])) return false;
    this.#shape = shape;
    const { json, delimiter, time, sensor, value, width, carriageReturn } = shape;
    // Groups have room for their first and last reading only if lines have times.
    const times = this.#wantsTimes && (json || time >= 0);
    if (times !== this.#keepsTimes) {
      this.#keepsTimes = times;
      this.drain();
    }
    this.#exports.setShape(json, delimiter, time, sensor, value, width, carriageReturn);
    return true;
  }

  /** Sets the input, from one address to another; a line begins at `start`. */
  feed(start: number, end: number): void {
    this.#exports.feed(start, end);
  }

  /** Counts up to the end of the input, or to a line that needs the host. May spill. */
  scan(): Stop {
    const { counted, leastScale, lineStart } = this.#exports;
    const reason = this.#exports.scan();
    const lines = counted.value >>> 0;
    const scale: number = leastScale.value;
    counted.value = 0;
    leastScale.value = NO_SCALE;
    return {
      reason,
      lineStart: lineStart.value,
      lines,
      leastScale: scale === NO_SCALE ? undefined : scale,
    };
  }

  /** Groups, or parts of them, that the kernel could not keep, since the last call. */
  takeSpilled(): GroupParts[] {
    const spilled = this.#spilled;
    if (spilled.length > 0) this.#spilled = [];
    return spilled;
  }

  /** Spills all groups, and starts again. */
  drain(): void {
    for (const parts of groupParts(this.groups())) this.#spilled.push(parts);
    this.#exports.clear(this.#keepsTimes);
  }

  /** Adds what slots have collected to the groups. May spill. */
  settle(): void {
    this.#exports.settleAll();
  }

  /** All groups, in place. May spill. Valid until the next scan, or until the memory grows. */
  groups(): Groups {
    this.settle();
    return this.#groups.inPlace();
  }

  /** Writes rows of all groups; undefined if it cannot. Nothing can be counted afterwards. */
  rowWriter(layout: RowLayout): RowWriter | undefined {
    const programs = rowPrograms(layout, this.#options.windows);
    if (programs === undefined) return undefined;
    const units = new UnitTexts(layout.units, layout.notation);
    this.#rows = new RowWriter(this.#exports, { layout, programs, units }, () => this.#groups.inPlace());
    return this.#rows;
  }

  /** A copy of all groups, for another thread. May spill. No counting afterwards. @throws RangeError without memory */
  copyGroups(): Groups {
    return this.#groups.copy();
  }

  /** Whether an operation failed for lack of memory; the groups still hold what they did. */
  get isExhausted(): boolean {
    return this.#globals.get('isExhausted') !== 0;
  }

  /** Merges groups copied from another kernel of the same plan. May spill. False, with nothing added, if it cannot. */
  absorb(groups: Groups): boolean {
    return this.#groups.absorb(groups);
  }

  /** The index of the window length whose windows equal the panes; undefined if there is none. */
  get paneResolution(): number | undefined {
    const { windows, paneLengthMs } = this.#options;
    const index = windows.length === 1 ? 0 : windows.findIndex(({ stepMs }) => stepMs === paneLengthMs);
    return index < 0 ? undefined : index;
  }

  /** Adds what was counted elsewhere for a sensor in a pane. May spill. False, with nothing added, if it cannot. */
  add(sensor: string, pane: number, parts: SummaryParts): boolean {
    return this.#groups.add(sensor, pane, parts);
  }

  #spill(group: number): void {
    for (const parts of groupParts(this.#groups.inPlace(), group)) this.#spilled.push(parts);
  }
}
