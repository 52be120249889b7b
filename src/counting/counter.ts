/**
 * Counts readings from bytes: plain lines in the kernel, all others in the exact engine, which knows every rule.
 *
 * Both fill one aggregate, so that a row does not tell which of them has counted what. The kernel is given lines only
 * while the exact engine would take each for itself: not before it knows what lines look like, nor in the middle of a
 * record of several lines.
 * Memory: a chunk, a line, and one summary per sensor and window.
 */

import { kernelModule } from '../kernels/load-kernel.ts';
import type { Columns } from '../readings/reading-columns.ts';
import type { Shape, WholeLines } from '../readings/reading-interpreter.ts';
import type { WindowSummary } from '../stats/aggregate.ts';
import { Accumulator } from './accumulator.ts';
import { ExactEngine, type Report } from './exact-engine.ts';
import { InputBuffer, LONGEST_LINE, type TextLine } from './input-buffer.ts';
import { CHUNK, stop } from './kernel/readings-abi.ts';
import { ReadingsKernel } from './kernel/readings-kernel.ts';
import { kernelOptions, kernelShape } from './kernel-options.ts';
import { aggregateOf, type Plan } from './plan.ts';

interface CounterOptions {
  /** The kernel is made when more bytes than this have come: 0 at once, Infinity for the exact engine alone. */
  readonly kernelAfter: number;
  /** The kernel's code, where another thread has compiled it. */
  readonly module?: WebAssembly.Module | undefined;
}

/** In bytes: up to so few are counted sooner than the kernel is made. */
export const FEW = 1 << 15;

/** What the lines of a source have told, for a counter that starts at a later line. */
export interface SourceState {
  /** Undefined without a header. */
  readonly header: Columns | undefined;
  readonly shape: Shape;
  /** Whether lines end with a carriage return. */
  readonly hasReturn: boolean;
}

/** Lines of a source that were counted apart. */
export interface CountedLines {
  readonly accumulator: Accumulator;
  readonly lines: number;
  /** How many of the lines a kernel has counted. */
  readonly plainLines: number;
  /** What whole lines looked like, in the order of the lines. */
  readonly whole: readonly WholeLines[];
}

/** Counts one source after the other: `begin`, bytes, `end`; then `finish` or, in a thread, `accumulator.copy`. */
export class Counter {
  readonly #plan: Plan;
  readonly #report: Report;
  readonly #input = new InputBuffer();
  readonly #exact: ExactEngine;
  readonly accumulator: Accumulator;
  #kernelAfter: number;
  readonly #module: WebAssembly.Module | undefined;
  #bytesRead = 0;
  #plainLines = 0;
  /** Whether the kernel knows what lines look like. */
  #isShaped = false;
  /** Whether the last line of the exact engine ended with a carriage return. */
  #hasReturn = false;
  #passed: WindowSummary[] = [];

  constructor(plan: Plan, report: Report, options: CounterOptions) {
    this.#plan = plan;
    this.#report = report;
    this.accumulator = new Accumulator(aggregateOf(plan));
    this.#exact = new ExactEngine(plan, this.accumulator.aggregate, report);
    this.#kernelAfter = options.kernelAfter;
    this.#module = options.module;
    if (options.kernelAfter === 0) this.#makeKernel();
  }

  /** Lines of the source so far. */
  get lines(): number {
    return this.#exact.lines;
  }

  /** How many lines of all sources the kernel has counted. */
  get plainLines(): number {
    return this.#plainLines;
  }

  /** Length in bytes of a line whose end has not come yet. */
  get pending(): number {
    return this.#input.end - this.#input.start;
  }

  /** What whole lines of the source look like. */
  get whole(): WholeLines {
    return this.#exact.whole;
  }

  /** What the source has told so far; undefined while that is not enough to start at the next line. */
  get state(): SourceState | undefined {
    const { header, shape, isInRecord } = this.#exact;
    const isKnown = shape !== undefined && !isInRecord && !this.#input.isSkipping;
    return isKnown ? { header, shape, hasReturn: this.#hasReturn } : undefined;
  }

  /** Another source begins. */
  begin(source: string): void {
    this.#exact.begin(source);
    this.#input.clear();
    this.#isShaped = false;
  }

  /** Starts in the middle of a source, at its second line or later. */
  resume(source: string, state: SourceState): void {
    this.begin(source);
    this.#exact.resume(source, state.header, state.shape);
    this.#hasReturn = state.hasReturn;
    this.#setShape();
  }

  /** Goes on after lines that were counted apart, with what came of them. */
  goOnAfter({ accumulator, lines, plainLines, whole }: CountedLines): void {
    this.#input.clear();
    this.accumulator.takeOver(accumulator);
    const { kernel } = this.accumulator;
    if (kernel !== undefined) this.#input.moveTo(kernel);
    this.#plainLines += plainLines;
    this.#exact.noteLines(lines, {});
    for (const last of whole) this.#exact.noteLines(0, last);
  }

  /** Where the next bytes of the source are to be put. */
  get space(): Buffer {
    return this.#input.space;
  }

  /**
   * Counts `length` bytes that were put into the space; the first `skip` of them are not input.
   *
   * @returns whether windows have passed
   */
  filled(length: number, skip = 0): boolean {
    this.#rejectLong(this.#input.add(length, skip));
    this.#bytesRead += length;
    if (this.#bytesRead > this.#kernelAfter) this.#makeKernel();
    this.#countLines();
    this.#rejectLong(this.#input.keepRest());
    return this.hasPassed;
  }

  /** Counts a chunk of any length. */
  count(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; at += CHUNK) this.filled(chunk.copy(this.space, 0, at));
  }

  /** No more bytes come from this source. */
  end(): void {
    const rest = this.#input.takeRest();
    if (rest !== undefined) this.#countExactly(rest, true);
    this.#exact.end();
    this.#closePassed();
  }

  /** Whether windows have passed that were not taken. */
  get hasPassed(): boolean {
    return this.#passed.length > 0;
  }

  /** The windows that have passed since the last call. */
  takePassed(): WindowSummary[] {
    const passed = this.#passed;
    this.#passed = [];
    return passed;
  }

  /** All windows that are still open, by sensor and start, in blocks. Nothing is counted afterwards. */
  finish(): Generator<WindowSummary[]> {
    return this.accumulator.closeAll();
  }

  /** Counts all whole lines in the buffer. */
  #countLines(): void {
    const input = this.#input;
    const { kernel } = this.accumulator;
    // The kernel goes on behind a line that it has left, unless something else has changed meanwhile.
    let isFed = false;
    while (input.start < input.end) {
      if (kernel !== undefined && this.#isShaped && !this.#exact.isInRecord) {
        if (!isFed) kernel.feed(input.start, input.end);
        isFed = true;
        const reason = this.#countPlainLines(kernel);
        if (reason === stop.allRead) return;
        if (reason !== stop.oddLine) continue;
      } else isFed = false;
      const line = input.takeLine();
      if (line === undefined) return;
      this.#countExactly(line, false);
      if (this.#setShape()) isFed = false;
    }
  }

  /** Lets the kernel count what it was fed with, up to a line for which the host is needed; says why it stopped. */
  #countPlainLines(kernel: ReadingsKernel): number {
    const { reason, lineStart, lines, leastScale } = kernel.scan();
    this.#input.goTo(lineStart);
    this.accumulator.addSpilled();
    if (lines > 0) {
      const { shape } = this.#exact;
      this.#plainLines += lines;
      this.#report.accept(lines);
      this.#exact.noteLines(lines, shape?.kind === 'fields' ? { width: shape.width, leastScale } : {});
    }
    if (reason === stop.full) this.accumulator.drain();
    this.#closePassed();
    return reason;
  }

  #countExactly({ text, hasReturn }: TextLine, torn: boolean): void {
    this.#hasReturn = hasReturn;
    this.#exact.count(text, torn);
    this.#closePassed();
  }

  #rejectLong(beginning: string | undefined): void {
    if (beginning !== undefined) this.#exact.rejectLong(beginning, LONGEST_LINE);
  }

  /** Closes the windows that the watermark has passed. */
  #closePassed(): void {
    for (const window of this.accumulator.closePassed()) this.#passed.push(window);
  }

  /** Once; there is none for some plans, nor where WebAssembly is missing. */
  #makeKernel(): void {
    this.#kernelAfter = Number.POSITIVE_INFINITY;
    if (this.accumulator.kernel !== undefined) return;
    const options = kernelOptions(this.#plan);
    const module = options && (this.#module ?? kernelModule('readings'));
    if (options === undefined || module === undefined) return;
    const kernel = new ReadingsKernel(module, options);
    this.accumulator.useKernel(kernel);
    this.#input.moveTo(kernel);
  }

  /** Tells the kernel what lines look like; whether that is not what it knew. */
  #setShape(): boolean {
    const { kernel } = this.accumulator;
    if (kernel === undefined) return false;
    const { shape } = this.#exact;
    const asked = shape && kernelShape(this.#plan, shape, this.#hasReturn);
    this.#isShaped = asked !== undefined;
    if (asked !== undefined && !kernel.setShape(asked)) return false;
    this.accumulator.addSpilled();
    return true;
  }
}
