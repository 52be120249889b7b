/** Lets the kernel write rows of its groups, as text in blocks: see `src/kernels/readings/write-rows.ts`. */

import type { SummaryParts } from '../../stats/summary.ts';
import { GroupReader, type Groups } from './group-reader.ts';
import { CHUNK, type Exports, INPUT, NOTATIONS } from './readings-abi.ts';
import type { RowLayout } from './row-pieces.ts';
import type { UnitTexts } from './unit-texts.ts';

/** What the kernel was made for, as far as rows depend on it, and how they are to be written. */
interface Kept {
  readonly layout: RowLayout;
  readonly programs: Buffer;
  readonly units: UnitTexts;
}

/** Some rows, in order. */
interface Block {
  readonly text: Buffer;
  readonly count: number;
  /** The window whose row must be made elsewhere, and comes next; undefined for none. */
  readonly left: LeftWindow | undefined;
}

/** A window, but for what is held elsewhere, or could not be added up. */
export interface LeftWindow {
  readonly sensor: string;
  /** Which of the windows that rows are made of. */
  readonly resolution: number;
  /** Its start, in epoch milliseconds; any time for that of all readings. */
  readonly time: number;
  readonly parts: SummaryParts;
  /** The addresses of its groups. */
  readonly groups: Uint32Array;
}

/** To be used once: `share`, then `start`, then `next` until there are no rows. */
export class RowWriter {
  readonly #exports: Exports;
  readonly #kept: Kept;
  readonly #groups: () => Groups;
  /** The address of the texts of units. */
  #units = 0;
  #reader: GroupReader | undefined;

  /** @param groups all groups, where they are in memory now */
  constructor(exports: Exports, kept: Kept, groups: () => Groups) {
    this.#exports = exports;
    this.#kept = kept;
    this.#groups = groups;
  }

  /**
   * Notes that a part of a group is held elsewhere, so that its row is left; the group is made if there is none.
   *
   * @returns its address; undefined when it cannot be made
   */
  share(sensor: string, pane: number): number | undefined {
    // Not the whole memory: Node writes nothing where 2 GiB or more of a buffer follow.
    const length = Buffer.from(this.#exports.memory.buffer, INPUT, CHUNK).write(sensor);
    const group = this.#exports.shareGroup(length, pane) >>> 0;
    return group > 1 ? group : undefined;
  }

  /** Sorts all groups, to write rows of them; false without memory for it. */
  start(): boolean {
    const { layout, programs, units } = this.#kept;
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

  /** The next rows, about 64 KiB of text or up to one that is left; nothing at the end. */
  next(): Block {
    const length = this.#exports.writeRows() >>> 0;
    const text = Buffer.from(new Uint8Array(this.#exports.memory.buffer, INPUT, length));
    const count = this.#exports.rowCount.value >>> 0;
    return { text, count, left: this.#exports.isLeft.value ? this.#left() : undefined };
  }

  /** The address of the text for the unit of a sensor, given that of its record; 0 when it has none. */
  unitOf(sensor: number): number {
    // One that was made before memory has grown reads nothing.
    if (this.#reader?.isStale !== false) this.#reader = new GroupReader(this.#groups());
    const offset = this.#kept.units.offsetFor(this.#reader.name(sensor));
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
