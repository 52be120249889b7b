/** Lets the kernel write rows of its groups, as text in blocks: see `src/kernels/readings/write-rows.ts`. */

import type { SummaryParts } from '../../stats/summary.ts';
import { GroupReader, type Groups } from './group-reader.ts';
import { CHUNK, type Exports, INPUT, NOTATIONS } from './readings-abi.ts';
import type { RowLayout } from './row-pieces.ts';
import type { UnitTexts } from './unit-texts.ts';

/** How the kernel is to write rows. */
interface RowSettings {
  readonly layout: RowLayout;
  readonly programs: Buffer;
  readonly units: UnitTexts;
}

/** Some rows, in order. */
interface Block {
  readonly text: Buffer;
  readonly count: number;
  /** The window that comes next and whose row must be made elsewhere; undefined for none. */
  readonly left: LeftWindow | undefined;
}

/** A window, without what is held elsewhere or could not be merged. */
export interface LeftWindow {
  readonly sensor: string;
  /** The index of its length among those of rows. */
  readonly resolution: number;
  /** Its start in epoch milliseconds; arbitrary for the window of all readings. */
  readonly time: number;
  readonly parts: SummaryParts;
  /** The addresses of its groups. */
  readonly groups: Uint32Array;
}

/** To be used once: `share`, then `start`, then `next` until there are no rows. */
export class RowWriter {
  readonly #exports: Exports;
  readonly #settings: RowSettings;
  readonly #groups: () => Groups;
  /** The address of the texts of units. */
  #units = 0;
  #reader: GroupReader | undefined;

  /** @param groups all groups, at their current place in memory */
  constructor(exports: Exports, settings: RowSettings, groups: () => Groups) {
    this.#exports = exports;
    this.#settings = settings;
    this.#groups = groups;
  }

  /**
   * Marks a group as partly held elsewhere, so that its row is left out; makes the group if there is none.
   *
   * @returns its address; undefined if it cannot be made
   */
  share(sensor: string, pane: number): number | undefined {
    // Not a view of the whole memory: Buffer.write writes nothing if 2 GiB or more follow the offset.
    const length = Buffer.from(this.#exports.memory.buffer, INPUT, CHUNK).write(sensor);
    const group = this.#exports.shareGroup(length, pane) >>> 0;
    return group > 1 ? group : undefined;
  }

  /** Sorts all groups, and prepares to write their rows; false if memory runs out. */
  start(): boolean {
    const { layout, programs, units } = this.#settings;
    const from = this.#exports.makeRoom(programs.length + units.bytes.length) >>> 0;
    if (from === 0 || !this.#exports.sortGroups()) return false;
    const { expect = 0, decimals = -1 } = layout;
    const notation = NOTATIONS[layout.notation];
    this.#units = from + programs.length;
    if (!this.#exports.describeRows(from, this.#units, notation, expect, decimals)) return false;
    const memory = new Uint8Array(this.#exports.memory.buffer);
    memory.set(programs, from);
    memory.set(units.bytes, this.#units);
    return true;
  }

  /** The next rows: about 64 KiB of text, or up to one that is left out. Empty at the end. */
  next(): Block {
    const length = this.#exports.writeRows() >>> 0;
    const text = Buffer.from(new Uint8Array(this.#exports.memory.buffer, INPUT, length));
    const count = this.#exports.rowCount.value >>> 0;
    return { text, count, left: this.#exports.isLeft.value ? this.#left() : undefined };
  }

  /** The address of the text of a sensor's unit, given the address of its record; 0 if it has none. */
  unitOf(sensor: number): number {
    // A reader made before the memory has grown reads nothing.
    if (this.#reader?.isStale !== false) this.#reader = new GroupReader(this.#groups());
    const offset = this.#settings.units.offsetFor(this.#reader.name(sensor));
    return offset === undefined ? 0 : this.#units + offset;
  }

  #left(): LeftWindow {
    const { windowGroup, windowGroups, windowGroupsEnd, windowStart, resolution } = this.#exports;
    const group = windowGroup.value >>> 0;
    const start = windowGroups.value >>> 0;
    const length = ((windowGroupsEnd.value >>> 0) - start) / Uint32Array.BYTES_PER_ELEMENT;
    const memory = this.#groups();
    const reader = new GroupReader(memory);
    return {
      sensor: reader.name(reader.sensor(group)),
      resolution: resolution.value >>> 0,
      time: windowStart.value,
      parts: reader.parts(group),
      groups: new Uint32Array(memory.memory, start, length),
    };
  }
}
