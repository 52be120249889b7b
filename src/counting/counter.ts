/**
 * Counts readings from bytes: plain lines in the kernel, all others in the exact engine, which knows every rule.
 *
 * Both fill one aggregate, so that a row does not tell which of them has counted what. The kernel is given lines only
 * while the exact engine would take each for itself: not before it knows what lines look like, nor in the middle of a
 * record of several lines.
 * Memory: a chunk, a line, and one summary per sensor and window.
 */

import type { Groups } from '../kernel/groups.ts';
import { CHUNK, INPUT, Kernel, kernelModule, stop } from '../kernel/kernel.ts';
import type { Columns } from '../readings/columns.ts';
import type { Line, Reject } from '../readings/line.ts';
import type { Reading } from '../readings/reading.ts';
import { ReadingInterpreter, type WholeLines } from '../readings/reading-interpreter.ts';
import { RecordReader } from '../readings/record-reader.ts';
import type { Aggregate, PaneParts, WindowSummary } from '../stats/aggregate.ts';
import { kernelOptions, kernelShape } from './kernel-plan.ts';
import { aggregateOf, type Plan } from './plan.ts';

export interface Report {
  readonly reject: Reject;
  /** How many lines were counted. */
  accept(count: number): void;
}

export interface CounterOptions {
  /** The kernel is made when more bytes than this have come; Infinity for the exact engine alone. */
  readonly kernelAfter: number;
  /** The kernel's code, where another thread has compiled it. */
  readonly module?: WebAssembly.Module | undefined;
}

/** Fewer bytes are counted sooner than the kernel is made. */
export const FEW = 1 << 15;

/** What a source has told about its lines, for a counter that goes on in the middle of it. */
export interface SourceState {
  readonly header: Columns | undefined;
}

/** What a counter has counted, for an aggregate in another thread. */
export interface Counted {
  readonly groups: Groups | undefined;
  readonly contents: readonly PaneParts[];
}

/** In bytes. */
export const LONGEST_LINE = 1 << 20;
const SHOWN = 1024;
const NEWLINE = 10;
const RETURN = 13;
const BYTE_ORDER_MARK = /^\ufeff/;

export class Counter {
  readonly #plan: Plan;
  readonly #report: Report;
  readonly #aggregate: Aggregate;
  readonly #interpreter: ReadingInterpreter;
  readonly #reader: RecordReader<Reading>;
  #kernelAfter: number;
  readonly #module: WebAssembly.Module | undefined;
  #kernel: Kernel | undefined;
  /** Whether the kernel knows what lines look like. */
  #shaped = false;
  #bytes: Buffer;
  #source = '';
  /** Lines of the source so far. */
  #number = 0;
  /** Bytes of the line that has begun, which stand before the chunk. */
  #pending = 0;
  #skipping = false;
  #read = 0;
  #plain = 0;
  #passed: WindowSummary[] = [];

  constructor(plan: Plan, report: Report, options: CounterOptions) {
    this.#plan = plan;
    this.#report = report;
    this.#aggregate = aggregateOf(plan);
    this.#interpreter = new ReadingInterpreter(plan.lines);
    this.#reader = new RecordReader(
      this.#interpreter,
      (reading, line) => this.#count(reading, line),
      report.reject,
    );
    this.#kernelAfter = options.kernelAfter;
    this.#module = options.module;
    this.#bytes = Buffer.allocUnsafeSlow(INPUT + CHUNK);
  }

  /** How many lines the kernel has counted. */
  get plainLines(): number {
    this.#sync();
    return this.#plain;
  }

  /** Lines of the source so far. */
  get lines(): number {
    this.#sync();
    return this.#number;
  }

  /** Bytes of a line whose end has not come yet. */
  get pending(): number {
    return this.#pending;
  }

  /** Where all is counted; complete after `finish`. */
  get aggregate(): Aggregate {
    return this.#aggregate;
  }

  get source(): string {
    return this.#source;
  }

  /** The header that the source has had last. */
  get header(): Columns | undefined {
    return this.#interpreter.header;
  }

  /** Whether the next line is not a part of the one before. */
  get isBetweenLines(): boolean {
    return !this.#reader.isOpen && !this.#skipping;
  }

  /** What the source has told so far; undefined while that is not enough to go on at another line. */
  get state(): SourceState | undefined {
    if (this.#interpreter.shape === undefined || !this.isBetweenLines) return undefined;
    return { header: this.#interpreter.header };
  }

  /** What it knows of whole lines of the source. */
  get whole(): WholeLines {
    this.#sync();
    return this.#interpreter.whole;
  }

  begin(source: string): void {
    this.#source = source;
    this.#number = 0;
    this.#pending = 0;
    this.#skipping = false;
    this.#shaped = false;
  }

  /** Goes on in the middle of a source, at its second line or later. */
  resume(source: string, { header }: SourceState): void {
    this.begin(source);
    // The first line of a source has rules of its own.
    this.#number = 1;
    this.#interpreter.resume(header);
    this.#reader.resume(source);
  }

  /** Goes on after lines that others have counted: so many, and in their order what whole ones look like. */
  goOn(lines: number, whole: readonly WholeLines[]): void {
    this.#sync();
    this.#pending = 0;
    this.#number += lines;
    for (const one of whole) this.#interpreter.saw(one);
  }

  /** Where the next bytes of the source are to be put. */
  get space(): Buffer {
    return this.#memory.subarray(INPUT, INPUT + CHUNK);
  }

  /** Counts what was put into the space: so many bytes, of which the first `skip` are not of the source. */
  filled(length: number, skip = 0): void {
    this.#read += length;
    if (this.#read > this.#kernelAfter) this.#makeKernel(length);
    let start = INPUT + skip - this.#pending;
    const end = INPUT + length;
    if (this.#skipping || this.#pending > 0) start = this.#firstLine(start, end);
    this.#keep(this.#countLines(start, end), end);
    this.#sync();
  }

  /** Counts a chunk of any length. */
  take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; at += CHUNK) this.filled(chunk.copy(this.space, 0, at));
  }

  /** Windows that have closed since this was asked last. */
  takePassed(): WindowSummary[] {
    const passed = this.#passed;
    this.#passed = [];
    return passed;
  }

  /** No more bytes come from this source. */
  end(): void {
    this.#sync();
    if (this.#pending > 0) this.#takeLine(INPUT - this.#pending, INPUT, true);
    this.#pending = 0;
    this.#reader.end();
  }

  /** All that was counted. No more is counted afterwards. */
  finish(): Aggregate {
    this.#drain();
    return this.#aggregate;
  }

  /** All that was counted, as plain data. No more is counted afterwards. */
  copy(): Counted {
    this.#sync();
    return { groups: this.#kernel?.copyGroups(), contents: [...this.#aggregate.contents()] };
  }

  get #memory(): Buffer {
    return this.#kernel?.bytes ?? this.#bytes;
  }

  #makeKernel(length: number): void {
    const options = kernelOptions(this.#plan);
    this.#kernelAfter = Number.POSITIVE_INFINITY;
    const module = options && (this.#module ?? kernelModule());
    if (options === undefined || module === undefined) return;
    const kernel = new Kernel(module, {
      ...options,
      take: (sensor, pane, parts) => this.#aggregate.addParts(sensor, pane, parts),
    });
    const from = INPUT - this.#pending;
    this.#bytes.copy(kernel.bytes, from, from, INPUT + length);
    this.#kernel = kernel;
    this.#bytes = kernel.bytes;
    this.#setGoals();
  }

  /** Where the first line begins that is not the end of one that is too long. */
  #firstLine(start: number, end: number): number {
    const newline = this.#memory.subarray(0, end).indexOf(NEWLINE, start);
    if (this.#skipping) {
      if (newline < 0) return end;
      this.#skipping = false;
      return newline + 1;
    }
    if (newline < 0 || newline - start <= LONGEST_LINE) return start;
    this.#rejectLong(start);
    return newline + 1;
  }

  /** Keeps a line that is not complete before the next chunk. */
  #keep(start: number, end: number): void {
    this.#pending = end - start;
    if (this.#pending > LONGEST_LINE) {
      this.#rejectLong(start);
      this.#skipping = true;
      this.#pending = 0;
    }
    this.#memory.copyWithin(INPUT - this.#pending, start, end);
  }

  #rejectLong(start: number): void {
    this.#number += 1;
    const text = this.#memory.toString('utf8', start, start + SHOWN);
    const line = { text, source: this.#source, number: this.#number, torn: true };
    this.#report.reject(line, { kind: 'too long', detail: `line is longer than ${LONGEST_LINE} bytes` });
  }

  /** Counts the lines from one address to another, and says where the last one begins if it is not complete. */
  #countLines(start: number, end: number): number {
    let at = start;
    let fed = false;
    while (at < end) {
      if (this.#kernel !== undefined && this.#shaped && !this.#reader.isOpen) {
        if (!fed) this.#kernel.feed(at, end);
        fed = true;
        const reason = this.#kernel.scan();
        at = this.#kernel.lineStart;
        if (reason === stop.allRead) return at;
        if (reason === stop.passed) this.#close();
        if (reason === stop.full) this.#drain();
        if (reason !== stop.oddLine) continue;
      } else fed = false;
      const newline = this.#memory.subarray(0, end).indexOf(NEWLINE, at);
      if (newline < 0) return at;
      const ending = newline > at && this.#memory[newline - 1] === RETURN ? 1 : 0;
      this.#takeLine(at, newline, false);
      if (this.#setShape(ending === 1)) fed = false;
      at = newline + 1;
    }
    return at;
  }

  /** Gives a line to the exact engine. */
  #takeLine(start: number, end: number, torn: boolean): void {
    this.#sync();
    this.#number += 1;
    const bytes = this.#memory;
    const text = bytes.toString('utf8', start, end > start && bytes[end - 1] === RETURN ? end - 1 : end);
    const number = this.#number;
    this.#reader.take({
      text: number === 1 ? text.replace(BYTE_ORDER_MARK, '') : text,
      source: this.#source,
      number,
      torn,
    });
  }

  #count(reading: Reading, line: Line): void {
    const outcome = this.#aggregate.add(reading.sensor, reading.time, reading.value);
    if (outcome === 'counted') {
      this.#report.accept(1);
      if (this.#aggregate.newest >= this.#aggregate.closesAt) this.#close();
    } else if (outcome === 'late') {
      const detail = `reading is late: its window was closed: ${line.text}`;
      this.#report.reject(line, { kind: 'late', detail });
    } else this.#report.reject(line, { kind: 'without a time', detail: 'reading has no time, so no window' });
  }

  /** Closes the windows that the watermark has passed. */
  #close(): void {
    this.#drain();
    for (const window of this.#aggregate.closePassed()) this.#passed.push(window);
    this.#setGoals();
  }

  #setGoals(): void {
    if (this.#kernel === undefined) return;
    this.#kernel.earliest = this.#aggregate.earliest;
    this.#kernel.watermarkGoal = this.#aggregate.closesAt;
  }

  #drain(): void {
    if (this.#kernel === undefined) return;
    this.#sync();
    this.#aggregate.saw(this.#kernel.newest);
    this.#kernel.drain();
  }

  /** Tells the exact engine what the kernel has seen since the last time. */
  #sync(): void {
    const lines = this.#kernel?.takeCount() ?? 0;
    if (this.#kernel === undefined || lines === 0) return;
    this.#number += lines;
    this.#plain += lines;
    this.#report.accept(lines);
    const { shape } = this.#interpreter;
    const leastScale = this.#kernel.takeLeastScale();
    if (shape?.kind === 'fields') this.#interpreter.saw({ width: shape.width, leastScale });
  }

  /** Tells the kernel what lines look like; whether that is not what it knew. */
  #setShape(carriageReturn: boolean): boolean {
    if (this.#kernel === undefined) return false;
    const { shape } = this.#interpreter;
    const asked = shape && kernelShape(this.#plan, shape, carriageReturn);
    this.#shaped = asked !== undefined;
    if (asked === undefined) return true;
    return this.#kernel.setShape(asked);
  }
}
