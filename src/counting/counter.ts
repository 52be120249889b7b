/**
 * Counts readings from bytes: plain lines in the kernel, all others in the exact engine, which knows every rule.
 *
 * Both fill one accumulator, so that a row does not tell which of them has counted what. The kernel is given lines only
 * while the exact engine would take each for itself: not before it knows what lines look like, nor in the middle of a
 * record of several lines.
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
  /** The kernel is made when more bytes than this have come: 0 at once, Infinity for the exact engine alone. */
  readonly kernelAfter: number;
  /** The kernel's code, where another thread has compiled it. */
  readonly module?: WebAssembly.Module | undefined;
  /** Rejects readings that are too far ahead of the clock; undefined for none. */
  readonly future?: FutureCheck | undefined;
}

/** In bytes: less is counted sooner than the kernel is made. */
export const FEW = 1 << 15;

/** Counts one source after the other: `begin`, bytes, `end`; in the end the accumulator has it all. */
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
  /** Whether the kernel knows what lines look like, and is to count them. */
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

  /** How many lines of all sources kernels have counted. */
  get plainLines(): number {
    return this.#plainLines;
  }

  /** How many lines of all sources were comments. */
  get comments(): number {
    return this.#exact.comments + this.#commentsApart;
  }

  /** Length in bytes of a line whose end has not come yet. */
  get pending(): number {
    return this.#input.length;
  }

  /** What whole lines of the source look like. */
  get whole(): WholeLines {
    return this.#exact.whole;
  }

  /** What the source has told so far; undefined while that is not enough to start at the next line. */
  get state(): SourceState | undefined {
    return this.#input.isSkipping ? undefined : this.#exact.state;
  }

  /** Another source begins. */
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

  /** Goes on after lines that were counted apart, with what came of them. */
  goOnAfter({ accumulator, lines, plainLines, comments, whole }: CountedLines): void {
    this.#input.clear();
    this.accumulator.takeOver(accumulator);
    this.#plainLines += plainLines;
    this.#commentsApart += comments;
    this.#exact.noteLines(lines, whole);
    this.#moveToKernel();
  }

  /** Where the next bytes of the source are to be put. */
  get space(): Buffer {
    return this.#input.space;
  }

  /** Counts `length` bytes of the space, but for the first `skip`; returns whether windows have closed. */
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

  /** No more bytes come from this source. */
  end(): void {
    const rest = this.#input.takeRest();
    if (rest !== undefined) this.#countExactly(rest, true);
    this.#exact.end();
    this.accumulator.closePassed();
  }

  get #isAtFirstLine(): boolean {
    return this.#exact.lines === 0;
  }

  /** Counts all whole lines of the buffer. */
  #countLines(): void {
    const input = this.#input;
    const { kernel } = this.accumulator;
    if (this.#future !== undefined) kernel?.setLatest(this.#future.latest);
    // After a line that it has left the kernel goes on behind it, unless it must be fed again.
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

  /** Lets the kernel count on, up to a line for which the host is needed; says why it stopped. */
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

  /** Tries once: there may be none. */
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

  /** Tells the kernel what lines look like; whether it must be fed again. */
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
