/**
 * The kernel as the program sees it: WebAssembly that makes rows of plain lines, and its memory.
 *
 * How it works is said in `src/kernels/weblog/kernel.ts`.
 */

import { kernelModule } from '../../kernels/load-kernel.ts';
import { writePlan } from './kernel-memory.ts';
import type { Formats } from './log-format.ts';
import { mustBeQuoted, type RowShape, type Target } from './log-row.ts';
import type { KnownMinute } from './log-time.ts';

/** Why `run` came back. */
const FULL = 2;
/** It has room for so many. */
const MOST_COLUMNS = 1000;

interface Exports {
  readonly memory: WebAssembly.Memory;
  setUtc(utc: boolean): void;
  setOffset(length: number): void;
  setColumns(
    at: number,
    count: number,
    json: boolean,
    nullAt: number,
    nullLength: number,
    margin: number,
  ): void;
  setRows(start: number, end: number): void;
  clearValues(slots: number): void;
  run(format: number, start: number, end: number): number;
  readLine(format: number, at: number): number;
  writeRow(length: number): boolean;
  readonly lineStart: WebAssembly.Global;
  readonly rowsEnd: WebAssembly.Global;
  readonly count: WebAssembly.Global;
}

/** Of the memory, as in `src/kernels/weblog/layout.ts`. */
const ZONE_MINUTE = 4480;
const ZONE_OFFSET = 4512;
const SPANS = 8192;
const SPAN = 16;
/** Where lines are put, where values that are not theirs, and where rows are. */
const INPUT = 1 << 20;
const REDACTED = INPUT + (1 << 18);
const ROWS = 1 << 21;
/** What is copied 16 bytes at a time may go beyond its end. */
const ROWS_END = (1 << 22) - 16;
const NEWLINE = 10;
/** In bytes; so many lines may be put into it at once. */
export const MOST = 1 << 17;

/** Undefined where there can be none. `isUtc` says whether a time without an offset is UTC. */
export function makeKernel(formats: Formats, shape: RowShape, isUtc: boolean): Kernel | undefined {
  const module = formats.columns.length > MOST_COLUMNS ? undefined : kernelModule('weblog');
  return module && new Kernel(module, formats, shape, isUtc);
}

export class Kernel {
  readonly #exports: Exports;
  readonly #bytes: Buffer;
  /** How many values a line may have. */
  readonly #slots: number;
  readonly #redacted: readonly Target[];
  /** The addresses of the formats; the one of the line before comes first. */
  readonly #formats: number[];
  #known: KnownMinute | undefined;
  #at = INPUT;
  #end = INPUT;
  #isFull = false;

  constructor(module: WebAssembly.Module, { formats, columns }: Formats, shape: RowShape, isUtc: boolean) {
    this.#exports = new WebAssembly.Instance(module, {}).exports as unknown as Exports;
    this.#bytes = Buffer.from(this.#exports.memory.buffer);
    this.#slots = columns.length;
    this.#redacted = shape.targets.filter(({ redact }) => redact !== undefined);
    const plan = writePlan(this.#bytes, formats, shape);
    this.#formats = plan.formats;
    this.#bytes.write('Z', ZONE_OFFSET, 'latin1');
    this.#exports.setUtc(isUtc);
    this.#exports.setColumns(plan.columns, shape.targets.length, shape.json, ...plan.nullText, plan.margin);
    this.#exports.setRows(ROWS, ROWS_END);
  }

  /** Hears in which minute a time without an offset has which one. */
  learn(known: KnownMinute | undefined): void {
    if (known === undefined || known === this.#known) return;
    this.#known = known;
    this.#bytes.write(known.minute, ZONE_MINUTE, 'latin1');
    this.#bytes.write(known.offset, ZONE_OFFSET, 'latin1');
    this.#exports.setOffset(known.offset.length);
  }

  /** Takes whole lines. */
  feed(lines: Buffer): void {
    lines.copy(this.#bytes, INPUT);
    this.#at = INPUT;
    this.#end = INPUT + lines.length;
  }

  /** Whether all lines were read, or taken from it. */
  get isAtEnd(): boolean {
    return this.#at === this.#end;
  }

  /** Whether it needs room for rows. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Makes rows of plain lines of one format, and says of how many: 0 when the next one has none, or it is full. */
  scan(): number {
    for (const [place, format] of this.#formats.entries()) {
      // A plain line has no more than one format.
      if (place > 0) this.#exports.clearValues(this.#slots);
      const count = this.#redacted.length === 0 ? this.#run(format) : this.#runRedacted(format);
      if (count === 0 && !this.#isFull) continue;
      if (place > 0) this.#formats.unshift(...this.#formats.splice(place, 1));
      return count;
    }
    this.#exports.clearValues(this.#slots);
    return 0;
  }

  /** The next line, one byte per character and without its newline, which it does not read any more. */
  takeLine(): string {
    const newline = this.#bytes.indexOf(NEWLINE, this.#at);
    const line = this.#bytes.toString('latin1', this.#at, newline);
    this.#at = newline + 1;
    return line;
  }

  /** A copy of the rows since this was asked last. */
  takeRows(): Buffer {
    const rows = Buffer.from(this.#bytes.subarray(ROWS, this.#exports.rowsEnd.value));
    this.#exports.setRows(ROWS, ROWS_END);
    return rows;
  }

  #run(format: number): number {
    this.#isFull = this.#exports.run(format, this.#at, this.#end) === FULL;
    this.#at = this.#exports.lineStart.value;
    return this.#exports.count.value;
  }

  #runRedacted(format: number): number {
    this.#isFull = false;
    let count = 0;
    while (this.#at < this.#end) {
      const next = this.#exports.readLine(format, this.#at);
      const length = next === 0 ? undefined : this.#redact();
      if (length === undefined) break;
      this.#isFull = !this.#exports.writeRow(next - this.#at + length);
      if (this.#isFull) break;
      this.#at = next;
      count += 1;
    }
    return count;
  }

  /** Replaces values of the line that was read, and says how long they are; undefined when that is too long. */
  #redact(): number | undefined {
    let to = REDACTED;
    for (const { slot, redact } of this.#redacted) {
      const span = SPANS + slot * SPAN;
      const [start, end] = [this.#bytes.readUInt32LE(span), this.#bytes.readUInt32LE(span + 4)];
      if (start === end || redact === undefined) continue;
      const value = redact(this.#bytes.toString('latin1', start, end));
      if (to + value.length > ROWS) return undefined;
      this.#putSpan(span, to, value);
      to += value.length;
    }
    return to - REDACTED;
  }

  #putSpan(span: number, at: number, value: string): void {
    this.#bytes.write(value, at, 'latin1');
    this.#bytes.writeUInt32LE(at, span);
    this.#bytes.writeUInt32LE(at + value.length, span + 4);
    this.#bytes.writeUInt32LE(mustBeQuoted(value) ? 1 : 0, span + 8);
  }
}
