/**
 * The kernel of load-rows as the program sees it: WebAssembly that finds the fields of plain CSV records, and its memory.
 *
 * How it works is said in `src/kernels/tables/kernel.ts`.
 */

import { kernelModule } from '../../kernels/load-kernel.ts';

interface Exports {
  readonly memory: WebAssembly.Memory;
  scan(end: number, columns: number, delimiter: number, most: number, base: number, suspect: number): number;
  readonly recordStart: WebAssembly.Global;
}

/** Of the memory, as in `src/kernels/tables/kernel.ts`. */
const STARTS = 1 << 16;
const REGION = 1 << 19;
const INPUT = STARTS + 3 * REGION;
const MOST_INPUT = 1 << 18;
const MOST_FIELDS = REGION / Int32Array.BYTES_PER_ELEMENT;
const NEWLINE = 10;

export interface Layout {
  readonly columns: number;
  /** One byte. */
  readonly delimiter: number;
  /** Of the header, in bytes: what is as long may be the header once more, and is not taken. */
  readonly headerLength: number;
}

/** Plain records, one after the other. Places are those in the bytes that were scanned. */
export interface Found {
  readonly records: number;
  /** Record by record, good until the next scan. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Where each record begins. */
  readonly places: Int32Array;
  /** Where the next one begins. */
  readonly next: number;
}

/** Undefined where there can be none, or it would not do: a blank line may be a record of one column. */
export function makeKernel(layout: Layout): Kernel | undefined {
  const module = layout.columns === 1 || layout.columns > MOST_FIELDS ? undefined : kernelModule('tables');
  return module && new Kernel(module, layout);
}

export class Kernel {
  readonly #exports: Exports;
  readonly #bytes: Buffer;
  readonly #layout: Layout;

  constructor(module: WebAssembly.Module, layout: Layout) {
    this.#exports = new WebAssembly.Instance(module, {}).exports as unknown as Exports;
    this.#bytes = Buffer.from(this.#exports.memory.buffer);
    this.#layout = layout;
  }

  /** Finds the fields of the records from a place on, up to one that is not plain, of this many at most. */
  scan(bytes: Buffer, start: number, most: number): Found {
    const { columns, delimiter, headerLength } = this.#layout;
    const end = bytes.lastIndexOf(NEWLINE, start + MOST_INPUT - 1) + 1;
    const limit = Math.min(most, Math.floor(MOST_FIELDS / columns));
    bytes.copy(this.#bytes, INPUT, start, Math.max(start, end));
    const until = INPUT + Math.max(0, end - start);
    const records = this.#exports.scan(until, columns, delimiter, limit, start - INPUT, headerLength);
    return {
      records,
      starts: this.#region(0, records * columns),
      ends: this.#region(1, records * columns),
      places: this.#region(2, records),
      next: this.#exports.recordStart.value - INPUT + start,
    };
  }

  #region(number: number, length: number): Int32Array {
    return new Int32Array(this.#exports.memory.buffer, STARTS + number * REGION, length);
  }
}
