/**
 * Counts readings from bytes: plain lines in the kernel, all others in the exact engine, which knows every rule.
 *
 * Both fill one accumulator, so a row does not depend on which of them counted. The kernel is given lines only while the
 * exact engine would treat each line on its own: not before the shape of lines is known, nor in the middle of a multi-line
 * record.
 * Memory: a chunk, a line, and one summary per sensor and window.
 */

import type { LinesOf } from '../lines/text-form.ts';
import type { FutureCheck } from '../readings/ahead.ts';
import type { WholeLines } from '../readings/reading-interpreter.ts';
import { Accumulator, tooManyGroups } from './accumulator.ts';
import type { CountedLines } from './counted-lines.ts';
import { ExactEngine, type Report, type SourceState } from './exact-engine.ts';
import { InputBuffer, type TextLine } from './input-buffer.ts';
import { CHUNK, stop } from './kernel/readings-abi.ts';
import type { ReadingsKernel } from './kernel/readings-kernel.ts';
import { kernelShape, makeKernel } from './kernel-options.ts';
import { aggregateOf, type Plan } from './plan.ts';

interface CounterOptions {
  /** The kernel is made after more than this many bytes: 0 makes it at once, Infinity never. */
  readonly kernelAfter: number;
  /** The kernel's code, if another thread has compiled it. */
  readonly module?: WebAssembly.Module | undefined;
  /** Rejects readings that are too far ahead of the clock; undefined for none. */
  readonly future?: FutureCheck | undefined;
}

/** In bytes: less input is counted faster than the kernel is made. */
export const FEW = 1 << 15;

/** Counts one source after the other: `begin`, bytes, `end`. The accumulator collects them all. */
export class Counter {
  readonly #plan: Plan;
  readonly #report: Report;
  readonly #input = new InputBuffer();
  readonly #exact: ExactEngine;
  readonly #future: FutureCheck | undefined;
  readonly accumulator: Accumulator;
  #kernelAfter: number;
  readonly #module: WebAssembly.Module | undefined;
  #bytesRead = 0;
  #plainLines = 0;
  #commentsApart = 0;
  /** Whether the kernel knows the shape of lines and can count them. */
  #isShaped = false;

  constructor(plan: Plan, report: Report, options: CounterOptions) {
    this.#plan = plan;
    this.#report = report;
    this.accumulator = new Accumulator(aggregateOf(plan));
    this.#future = options.future;
    this.#exact = new ExactEngine(plan, this.accumulator.aggregate, report, options.future);
    this.#kernelAfter = options.kernelAfter;
    this.#module = options.module;
    if (options.kernelAfter === 0) this.#makeKernel();
  }

  /** Lines of the source so far. */
  get lines(): number {
    return this.#exact.lines;
  }

  /** Lines of all sources that kernels have counted. */
  get plainLines(): number {
    return this.#plainLines;
  }

  /** Lines of all sources that were comments. */
  get comments(): number {
    return this.#exact.comments + this.#commentsApart;
  }

  /** Length in bytes of the unfinished line. */
  get pending(): number {
    return this.#input.length;
  }

  /** What complete lines of the source look like, to judge a torn one by. */
  get whole(): WholeLines {
    return this.#exact.whole;
  }

  /** What the source has told so far; undefined until that is enough to start at the next line. */
  get state(): SourceState | undefined {
    return this.#input.isSkipping ? undefined : this.#exact.state;
  }

  /** Begins another source. */
  begin(source: string, form?: LinesOf): void {
    this.#exact.begin(source, form);
    this.#input.clear();
    this.#isShaped = false;
  }

  /** Starts in the middle of a source, at its second line or later. */
  resume(source: string, state: SourceState): void {
    this.begin(source);
    this.#exact.resume(source, state);
    this.#setShape();
  }

  /** Continues after lines that other threads have counted, with their results. */
  continueAfter({ accumulator, lines, plainLines, comments, whole }: CountedLines): void {
    this.#input.clear();
    this.accumulator.takeOver(accumulator);
    this.#plainLines += plainLines;
    this.#commentsApart += comments;
    this.#exact.noteLines(lines, whole);
    this.#moveToKernel();
  }

  /** Where to put the next bytes of the source. */
  get space(): Buffer {
    return this.#input.space;
  }

  /** Counts `length` bytes of the space, except for the first `skip`; returns whether windows have closed. */
  filled(length: number, skip = 0): boolean {
    this.#rejectLong(this.#input.add(length, skip, this.#isAtFirstLine));
    this.#bytesRead += length;
    if (this.#bytesRead > this.#kernelAfter) this.#makeKernel();
    this.#countLines();
    this.#rejectLong(this.#input.keepRest(this.#isAtFirstLine));
    return this.accumulator.hasClosed;
  }

  /** Counts a chunk of any length. */
  count(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; at += CHUNK) this.filled(chunk.copy(this.space, 0, at));
  }

  /** Ends the source. */
  end(): void {
    const rest = this.#input.takeRest();
    if (rest !== undefined) this.#countExactly(rest, true);
    this.#exact.end();
    this.accumulator.closePassed();
  }

  get #isAtFirstLine(): boolean {
    return this.#exact.lines === 0;
  }

  /** Counts all complete lines of the buffer. */
  #countLines(): void {
    const input = this.#input;
    const { kernel } = this.accumulator;
    if (this.#future !== undefined) kernel?.setLatest(this.#future.latest);
    // The kernel continues after a line that it left out, unless it must be fed again.
    let isFed = false;
    while (input.length > 0) {
      if (kernel !== undefined && this.#isShaped) {
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

  /** Lets the kernel count up to a line that needs the host; returns why it stopped. */
  #countPlainLines(kernel: ReadingsKernel): number {
    const { reason, lineStart, lines, leastScale } = kernel.scan();
    this.#input.goTo(lineStart);
    this.accumulator.addSpilled();
    if (reason === stop.full) throw tooManyGroups();
    this.accumulator.closePassed();
    if (lines > 0) {
      this.#plainLines += lines;
      this.#report.accept(lines);
      this.#exact.notePlainLines(lines, leastScale);
    }
    return reason;
  }

  #countExactly(line: TextLine, torn: boolean): void {
    this.#exact.count(line, torn);
    this.accumulator.closePassed();
  }

  #rejectLong(beginning: string | undefined): void {
    if (beginning !== undefined) this.#exact.rejectLong(beginning);
  }

  /** Tries only once: the runtime may not support it. */
  #makeKernel(): void {
    this.#kernelAfter = Number.POSITIVE_INFINITY;
    if (this.accumulator.kernel !== undefined) return;
    const kernel = makeKernel(this.#plan, this.#module);
    if (kernel !== undefined) this.accumulator.useKernel(kernel);
    this.#moveToKernel();
  }

  #moveToKernel(): void {
    const { kernel } = this.accumulator;
    if (kernel !== undefined) this.#input.moveTo(kernel);
    this.#setShape();
  }

  /** Tells the kernel the shape of lines; returns whether it must be fed again. */
  #setShape(): boolean {
    const { kernel } = this.accumulator;
    if (kernel === undefined) return false;
    const { state } = this.#exact;
    const shape = state && kernelShape(this.#plan, state);
    this.#isShaped = shape !== undefined;
    const isNew = shape === undefined || kernel.setShape(shape);
    this.accumulator.addSpilled();
    return isNew;
  }
}
