/**
 * The host side of parse-log's kernel, WebAssembly that converts plain lines to rows, and its memory.
 *
 * See `src/kernels/weblog/kernel.ts`.
 */

import { ifRoom, kernelModule } from '../../kernels/load-kernel.ts';
import type { LogFormat } from './compile-format.ts';
import { fillMemory, isForKernel } from './kernel-memory.ts';
import type { Formats } from './log-format.ts';
import { mustBeQuoted, type RowField, type RowLayout } from './log-row.ts';
import type { KnownMinute } from './log-time.ts';

/** Result of `run` when there is no room for a row. */
const FULL = 2;
/** Limited by the kernel's memory. */
const MAX_COLUMNS = 1000;

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

/** Addresses in the kernel's memory, as in `src/kernels/weblog/layout.ts`. */
const ZONE_MINUTE = 4480;
const ZONE_OFFSET = 4512;
const SPANS = 8192;
const SPAN = 16;
/** Addresses of lines, of redacted values, and of rows. */
const INPUT = 1 << 20;
const REDACTED = INPUT + (1 << 18);
const ROWS = 1 << 21;
/** 16-byte copies may overrun the end of a row. */
const ROWS_END = (1 << 22) - 16;
const NEWLINE = 10;
/** Maximum number of bytes of lines to feed at once. */
export const MAX_INPUT = 1 << 17;

/**
 * A kernel for these formats and rows; undefined without WebAssembly, with too many columns, or when it supports none
 * of the formats.
 *
 * @param isUtc whether times without an offset are UTC
 */
export function makeLogKernel(formats: Formats, layout: RowLayout, isUtc: boolean): LogKernel | undefined {
  const own = formats.formats.filter(isForKernel);
  const module =
    own.length === 0 || formats.columns.length > MAX_COLUMNS ? undefined : kernelModule('weblog');
  return module && ifRoom(() => new LogKernel(module, { ...formats, formats: own }, layout, isUtc));
}

/** Parses plain lines; the caller takes all others from it, one by one. */
export class LogKernel {
  readonly #exports: Exports;
  readonly #bytes: Buffer;
  /** Number of values in a line. */
  readonly #slots: number;
  readonly #redacted: readonly RowField[];
  /** Addresses of the formats; that of the previous line comes first. */
  readonly #formats: number[];
  readonly #byAddress = new Map<number, LogFormat>();
  #known: KnownMinute | undefined;
  #at = INPUT;
  #end = INPUT;
  #isFull = false;

  constructor(module: WebAssembly.Module, { formats, columns }: Formats, layout: RowLayout, isUtc: boolean) {
    this.#exports = new WebAssembly.Instance(module, {}).exports as unknown as Exports;
    this.#bytes = Buffer.from(this.#exports.memory.buffer);
    this.#slots = columns.length;
    this.#redacted = layout.fields.filter(({ redact }) => redact !== undefined);
    const addresses = fillMemory(this.#bytes, formats, layout);
    this.#formats = addresses.formats;
    for (const [at, address] of addresses.formats.entries()) {
      const format = formats[at];
      if (format !== undefined) this.#byAddress.set(address, format);
    }
    this.#bytes.write('Z', ZONE_OFFSET, 'latin1');
    this.#exports.setUtc(isUtc);
    this.#exports.setColumns(
      addresses.columns,
      layout.fields.length,
      layout.json,
      ...addresses.nullText,
      addresses.margin,
    );
    this.#exports.setRows(ROWS, ROWS_END);
  }

  /** Sets the offset of times without one, for a minute; undefined changes nothing. */
  learn(known: KnownMinute | undefined): void {
    if (known === undefined || known === this.#known) return;
    this.#known = known;
    this.#bytes.write(known.minute, ZONE_MINUTE, 'latin1');
    this.#bytes.write(known.offset, ZONE_OFFSET, 'latin1');
    this.#exports.setOffset(known.offset.length);
  }

  /** Feeds complete lines, at most MAX_INPUT bytes. */
  feed(lines: Buffer): void {
    lines.copy(this.#bytes, INPUT);
    this.#at = INPUT;
    this.#end = INPUT + lines.length;
  }

  /** Whether all lines were parsed or taken. */
  get isAtEnd(): boolean {
    return this.#at === this.#end;
  }

  /** The format of the last line it parsed; arbitrary before the first. */
  get format(): LogFormat | undefined {
    return this.#byAddress.get(this.#formats[0] ?? 0);
  }

  /** Whether it has no room for more rows. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /**
   * Converts the next plain lines of one format to rows. @returns how many; 0 when the next one is not plain, or when
   * full
   */
  scan(): number {
    for (const [index, format] of this.#formats.entries()) {
      // A plain line matches at most one format.
      if (index > 0) this.#exports.clearValues(this.#slots);
      const count = this.#redacted.length === 0 ? this.#run(format) : this.#runRedacted(format);
      if (count === 0 && !this.#isFull) continue;
      if (index > 0) this.#formats.unshift(...this.#formats.splice(index, 1));
      return count;
    }
    this.#exports.clearValues(this.#slots);
    return 0;
  }

  /** Removes the next line, so that the kernel skips it. @returns its bytes, decoded as Latin-1, without newline */
  takeLine(): string {
    const newline = this.#bytes.indexOf(NEWLINE, this.#at);
    const line = this.#bytes.toString('latin1', this.#at, newline);
    this.#at = newline + 1;
    return line;
  }

  /** Removes the rows since the last call. @returns a copy of them */
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

  /** Redacts values of the current line. @returns their length in bytes; undefined when they are too long */
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
