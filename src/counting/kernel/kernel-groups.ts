/** The groups in a kernel's memory: reads them in place, copies them for another kernel, and merges others into them. */

import type { SummaryParts } from '../../stats/summary.ts';
import type { Globals } from './globals.ts';
import { groupBlock } from './group-block.ts';
import type { Groups } from './group-reader.ts';
import type { Exports } from './readings-abi.ts';

export class KernelGroups {
  readonly #exports: Exports;
  readonly #globals: Globals;

  constructor(exports: Exports, globals: Globals) {
    this.#exports = exports;
    this.#globals = globals;
  }

  /** All groups in place; stale once the memory grows. */
  inPlace(): Groups {
    return this.#groupsIn(this.#exports.memory.buffer, 0);
  }

  /** A copy of all groups, for another thread. May spill. No counting afterwards. @throws RangeError without memory */
  copy(): Groups {
    const { memory } = this.#exports;
    if (this.#exports.pack()) {
      const start = this.#globals.address('blockStart');
      return {
        memory: memory.buffer.slice(start, this.#globals.address('blockEnd')),
        start,
        lastGroup: this.#globals.address('blockGroup'),
        size: this.#size,
      };
    }
    this.#exports.settleAll();
    const start = this.#globals.address('heapStart');
    return this.#groupsIn(memory.buffer.slice(start, this.#globals.address('heapEnd')), start);
  }

  /** Merges groups copied from another kernel of the same plan. May spill. False, with nothing added, if it cannot. */
  absorb({ memory, start, lastGroup, size }: Groups): boolean {
    // A kernel that has counted nothing may have another size: it does not know yet whether lines have times.
    if (lastGroup === 0) return true;
    if (size !== this.#size) return false;
    const address = this.#exports.makeRoom(memory.byteLength) >>> 0;
    if (address === 0) return false;
    new Uint8Array(this.#exports.memory.buffer).set(new Uint8Array(memory), address);
    return this.#exports.absorb(address - start, lastGroup) !== 0;
  }

  /** Adds what was counted elsewhere for a sensor in a pane. May spill. False, with nothing added, if it cannot. */
  add(sensor: string, pane: number, parts: SummaryParts): boolean {
    const block = groupBlock(sensor, pane, parts, this.#size);
    return block !== undefined && this.absorb(block);
  }

  /** Size of a group in bytes. */
  get #size(): number {
    return this.#globals.get('groupSize');
  }

  #groupsIn(memory: ArrayBuffer, start: number): Groups {
    return { memory, start, lastGroup: this.#globals.address('lastGroup'), size: this.#size };
  }
}
