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
import type { Aggregate, Held, WindowSummary } from '../stats/aggregate.ts';
import type { Counted } from './accumulator.ts';
import { ExactEngine, type Report } from './exact-engine.ts';
import { Landing, LONGEST_LINE } from './input-buffer.ts';
import { bySensor } from './kernel/groups-by-sensor.ts';
import { CHUNK, INPUT, stop } from './kernel/readings-abi.ts';
import { Kernel } from './kernel/readings-kernel.ts';
import { kernelOptions, kernelShape } from './kernel-options.ts';
import { aggregateOf, type Plan } from './plan.ts';

export interface CounterOptions {
  /** The kernel is made when more bytes than this have come: 0 at once, Infinity for the exact engine alone. */
  readonly kernelAfter: number;
  /** The kernel's code, where another thread has compiled it. */
  readonly module?: WebAssembly.Module | undefined;
}

/** Fewer bytes are counted sooner than the kernel is made. */
export const FEW = 1 << 15;

/** What a source has told about its lines, for a counter that goes on in the middle of it. */
export interface SourceState {
  readonly header: Columns | undefined;
  readonly shape: Shape;
  /** Whether lines end with a carriage return. */
  readonly hasReturn: boolean;
}

const RETURN = 13;

export class Counter {
  readonly #plan: Plan;
  readonly #report: Report;
  readonly #aggregate: Aggregate;
  /** It has the account of the source: lines, header, what they look like. */
  readonly exact: ExactEngine;
  #kernelAfter: number;
  readonly #module: WebAssembly.Module | undefined;
  #kernel: Kernel | undefined;
  /** Whether the kernel knows what lines look like. */
  #isShaped = false;
  /** Whether the line that the exact engine has taken last ended with a carriage return. */
  #hasReturn = false;
  /** Where bytes are before there is a kernel. */
  readonly #bytes = Buffer.allocUnsafeSlow(INPUT + CHUNK);
  #read = 0;
  readonly #landing: Landing;
  #plain = 0;
  /** What others have counted, and is not with the rest. */
  readonly #held: Held[] = [];
  #passed: WindowSummary[] = [];

  constructor(plan: Plan, report: Report, options: CounterOptions) {
    this.#plan = plan;
    this.#report = report;
    this.#aggregate = aggregateOf(plan);
    this.exact = new ExactEngine(plan, this.#aggregate, report, () => this.#close());
    this.#landing = new Landing({
      memory: () => this.#memory,
      takeLines: (start, end) => this.#countLines(start, end),
      rejectLong: (beginning) => {
        this.#sync();
        this.exact.rejectLong(beginning, LONGEST_LINE);
      },
    });
    this.#kernelAfter = options.kernelAfter;
    this.#module = options.module;
    if (options.kernelAfter === 0) this.#makeKernel(0);
  }

  /** How many lines the kernel has counted. */
  get plainLines(): number {
    return this.#plain;
  }

  /** Bytes of a line whose end has not come yet. */
  get pending(): number {
    return this.#landing.pending;
  }

  /** Whether the next line is not a part of the one before. */
  get isBetweenLines(): boolean {
    return !this.exact.isInRecord && !this.#landing.isSkipping;
  }

  /** What the source has told so far; undefined while that is not enough to go on at another line. */
  get state(): SourceState | undefined {
    const { header, shape } = this.exact;
    return shape === undefined || !this.isBetweenLines
      ? undefined
      : { header, shape, hasReturn: this.#hasReturn };
  }

  begin(source: string): void {
    this.exact.begin(source);
    this.#landing.clear();
    this.#isShaped = false;
  }

  /** Goes on in the middle of a source, at its second line or later. */
  resume(source: string, { header, shape, hasReturn }: SourceState): void {
    this.begin(source);
    this.exact.resume(source, header, shape);
    this.#hasReturn = hasReturn;
    this.#setShape();
  }

  /** Goes on after lines that others have counted: so many, and in their order what whole ones look like. */
  goOn(lines: number, whole: readonly WholeLines[]): void {
    this.#landing.clear();
    this.exact.saw(lines, {});
    for (const one of whole) this.exact.saw(0, one);
  }

  /** Where the next bytes of the source are to be put. */
  get space(): Buffer {
    return this.#landing.space;
  }

  /**
   * Counts what was put into the space: so many bytes, of which the first `skip` are not of the source. Says whether
   * windows have closed.
   */
  filled(length: number, skip = 0): boolean {
    this.#read += length;
    if (this.#kernel === undefined && this.#read > this.#kernelAfter) this.#makeKernel(length);
    this.#landing.filled(length, skip);
    this.#sync();
    return this.hasPassed;
  }

  /** Counts a chunk of any length. */
  take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; at += CHUNK) this.filled(chunk.copy(this.space, 0, at));
  }

  get hasPassed(): boolean {
    return this.#passed.length > 0;
  }

  /** Windows that have closed since this was asked last. */
  takePassed(): WindowSummary[] {
    const passed = this.#passed;
    this.#passed = [];
    return passed;
  }

  /** No more bytes come from this source. */
  end(): void {
    if (this.pending > 0) this.#takeLine(INPUT - this.pending, INPUT, true);
    this.#landing.clear();
    this.exact.end();
  }

  /** All windows that are still open, by sensor and start, in blocks. No more is counted afterwards. */
  finish(): Generator<WindowSummary[]> {
    this.#sync();
    if (this.#kernel !== undefined) this.#held.push(this.#kernel.held());
    return this.#aggregate.closeAll(this.#held);
  }

  /** All that was counted, as plain data. No more is counted afterwards. */
  copy(): Counted {
    return { groups: this.#kernel?.copyGroups(), contents: [...this.#aggregate.contents()] };
  }

  /** Adds what another counter of the same plan has counted. */
  absorb({ groups, contents }: Counted): void {
    if (groups !== undefined && !this.#kernel?.absorb(groups)) this.#held.push(bySensor(groups));
    for (const content of contents) this.#aggregate.take(content);
  }

  /** Takes over all that another counter of the same plan has counted, which is not used any more. */
  takeOver(other: Counter): void {
    if (this.#kernel === undefined && other.#kernel !== undefined) {
      this.#useKernel(other.#kernel);
      other.#kernel = undefined;
    }
    this.#held.push(...other.#held);
    this.absorb(other.copy());
  }

  get #memory(): Buffer {
    return this.#kernel?.bytes ?? this.#bytes;
  }

  #makeKernel(length: number): void {
    this.#kernelAfter = Number.POSITIVE_INFINITY;
    const options = kernelOptions(this.#plan);
    const module = options && (this.#module ?? kernelModule('readings'));
    if (options === undefined || module === undefined) return;
    const kernel = new Kernel(module, options);
    const from = INPUT - this.pending;
    this.#bytes.copy(kernel.bytes, from, from, INPUT + length);
    this.#useKernel(kernel);
  }

  #useKernel(kernel: Kernel): void {
    this.#kernel = kernel;
    kernel.take = this.#aggregate.addParts.bind(this.#aggregate);
    this.#setGoals();
  }

  /** Counts the lines from one address to another, and says where the last one begins if it is not complete. */
  #countLines(start: number, end: number): number {
    let at = start;
    let isFed = false;
    while (at < end) {
      if (this.#kernel !== undefined && this.#isShaped && !this.exact.isInRecord) {
        if (!isFed) this.#kernel.feed(at, end);
        isFed = true;
        const reason = this.#kernel.scan();
        at = this.#kernel.lineStart;
        if (reason === stop.allRead) return at;
        if (reason === stop.passed) this.#close();
        if (reason === stop.full) this.#drain();
        if (reason !== stop.oddLine) continue;
      } else isFed = false;
      const newline = this.#landing.newline(at, end);
      if (newline < 0) return at;
      this.#takeLine(at, newline, false);
      if (this.#setShape()) isFed = false;
      at = newline + 1;
    }
    return at;
  }

  /** Gives a line to the exact engine. */
  #takeLine(start: number, end: number, torn: boolean): void {
    this.#sync();
    const bytes = this.#memory;
    this.#hasReturn = end > start && bytes[end - 1] === RETURN;
    this.exact.take(bytes.toString('utf8', start, this.#hasReturn ? end - 1 : end), torn);
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
    this.#plain += lines;
    this.#report.accept(lines);
    const { shape } = this.exact;
    const leastScale = this.#kernel.takeLeastScale();
    this.exact.saw(lines, shape?.kind === 'fields' ? { width: shape.width, leastScale } : {});
  }

  /** Tells the kernel what lines look like; whether that is not what it knew. */
  #setShape(): boolean {
    if (this.#kernel === undefined) return false;
    const { shape } = this.exact;
    const asked = shape && kernelShape(this.#plan, shape, this.#hasReturn);
    this.#isShaped = asked !== undefined;
    return asked === undefined || this.#kernel.setShape(asked);
  }
}
