/**
 * The exact engine: counts a reading from the text of its line, by every rule there is.
 *
 * What it makes of a line is right by definition; the kernel must agree with it. It also keeps the account of a source:
 * its name, how many lines it has had, and what they have told about the lines to come.
 */

import type { Line, Reject } from '../lines/line.ts';
import { RecordReader } from '../lines/record-reader.ts';
import type { Reading } from '../readings/reading.ts';
import type { Columns } from '../readings/reading-columns.ts';
import { ReadingInterpreter, type Shape, type WholeLines } from '../readings/reading-interpreter.ts';
import type { Aggregate } from '../stats/aggregate.ts';
import type { Plan } from './plan.ts';

export interface Report {
  readonly reject: Reject;
  /** How many lines were counted. */
  accept(count: number): void;
}

const BYTE_ORDER_MARK = /^\ufeff/;

export class ExactEngine {
  readonly #report: Report;
  readonly #aggregate: Aggregate;
  readonly #interpreter: ReadingInterpreter;
  readonly #reader: RecordReader<Reading>;
  readonly #close: () => void;
  #source = '';
  #lines = 0;

  /** `close` is called when a reading has moved the watermark past the end of a window. */
  constructor(plan: Plan, aggregate: Aggregate, report: Report, close: () => void) {
    this.#report = report;
    this.#aggregate = aggregate;
    this.#close = close;
    this.#interpreter = new ReadingInterpreter(plan.lines);
    const count = (reading: Reading, line: Line) => this.#count(reading, line);
    this.#reader = new RecordReader(this.#interpreter, count, report.reject);
  }

  get source(): string {
    return this.#source;
  }

  /** Lines of the source so far. */
  get lines(): number {
    return this.#lines;
  }

  /** The header that the source has had last. */
  get header(): Columns | undefined {
    return this.#interpreter.header;
  }

  /** What the lines of the source look like; undefined before it is known. */
  get shape(): Shape | undefined {
    return this.#interpreter.shape;
  }

  /** What whole lines of the source look like. */
  get whole(): WholeLines {
    return this.#interpreter.whole;
  }

  /** Whether a record has begun whose end is not there yet. */
  get isInRecord(): boolean {
    return this.#reader.isOpen;
  }

  begin(source: string): void {
    this.#source = source;
    this.#lines = 0;
    this.#interpreter.begin();
  }

  /** Goes on in the middle of a source, at its second line or later. */
  resume(source: string, header: Columns | undefined, shape: Shape): void {
    this.#source = source;
    // The first line of a source has rules of its own.
    this.#lines = 1;
    this.#interpreter.resume(header, shape);
    this.#reader.resume(source);
  }

  /** Takes note of lines that others have counted, or rejected, and of what whole ones looked like. */
  saw(lines: number, whole: WholeLines): void {
    this.#lines += lines;
    this.#interpreter.saw(whole);
  }

  /** Takes the next line, without its newline. @throws Failure (data) when a column that was asked for is not there */
  take(text: string, torn: boolean): void {
    this.#lines += 1;
    const isFirst = this.#lines === 1;
    this.#reader.take({ ...this.#place(torn), text: isFirst ? text.replace(BYTE_ORDER_MARK, '') : text });
  }

  /** Rejects the next line, which is longer than a line may be. */
  rejectLong(beginning: string, limit: number): void {
    this.#lines += 1;
    const line = { ...this.#place(true), text: beginning };
    this.#report.reject(line, { kind: 'too long', detail: `line is longer than ${limit} bytes` });
  }

  /** No more lines come from this source. */
  end(): void {
    this.#reader.end();
  }

  #place(torn: boolean): Omit<Line, 'text'> {
    return { source: this.#source, number: this.#lines, torn };
  }

  #count({ sensor, time, value }: Reading, line: Line): void {
    const outcome = this.#aggregate.add(sensor, time, value);
    if (outcome === 'counted') {
      this.#report.accept(1);
      if (this.#aggregate.newest >= this.#aggregate.closesAt) this.#close();
    } else if (outcome === 'late') {
      const detail = `reading is late: its window was closed: ${line.text}`;
      this.#report.reject(line, { kind: 'late', detail });
    } else this.#report.reject(line, { kind: 'without a time', detail: 'reading has no time, so no window' });
  }
}
