/**
 * The exact engine: counts a reading from the text of its line, by all rules.
 *
 * Its result is right by definition; the kernel must agree with it. It also keeps track of a source: its name, how many
 * lines it has had, and what they have told about the lines to come.
 */

import { tooLong } from '../lines/limits.ts';
import type { Line, Reject, Rejection } from '../lines/line.ts';
import { isRow, type Meaning, RecordReader } from '../lines/record-reader.ts';
import { type LinesOf, usualLines } from '../lines/text-form.ts';
import type { FutureCheck } from '../readings/ahead.ts';
import { InfluxReader } from '../readings/influx-lines.ts';
import type { Reading } from '../readings/reading.ts';
import type { Columns } from '../readings/reading-columns.ts';
import type { LineReadings } from '../readings/reading-fields.ts';
import { ReadingInterpreter, type Shape, type WholeLines } from '../readings/reading-interpreter.ts';
import type { Aggregate } from '../stats/aggregate.ts';
import type { TextLine } from './input-buffer.ts';
import type { Plan } from './plan.ts';

/** Told what became of the lines. */
export interface Report {
  readonly reject: Reject;
  /** Called with the number of lines counted since the last call. */
  accept(count: number): void;
}

/** What the lines of a source have told: enough to start at a later line. */
export interface SourceState {
  /** Undefined without a header. */
  readonly header: Columns | undefined;
  readonly shape: Shape;
  /** Whether lines end with a carriage return. */
  readonly hasReturn: boolean;
  /** Whether a time had no offset, and whether one was ambiguous (clocks went back), so that earlier lines decide. */
  readonly hasLocalTime: boolean;
  readonly hasTimeTwice: boolean;
}

const BYTE_ORDER_MARK = /^\ufeff/;

/** Counts the lines of one source after the other into an aggregate. */
export class ExactEngine {
  readonly #report: Report;
  readonly #aggregate: Aggregate;
  readonly #future: FutureCheck | undefined;
  readonly #interpreter: ReadingInterpreter;
  readonly #reader: RecordReader<LineReadings>;
  /** Undefined unless lines are InfluxDB's line protocol. */
  readonly #influx: InfluxReader | undefined;
  #source = '';
  #form: LinesOf = usualLines;
  #lines = 0;
  /** Whether the last line ended with a carriage return. */
  #hasReturn = false;

  /** @param future rejects readings that are too far ahead of the clock; undefined for none */
  constructor(plan: Plan, aggregate: Aggregate, report: Report, future?: FutureCheck) {
    this.#report = report;
    this.#future = future;
    this.#aggregate = aggregate;
    const longestWindowMs = Math.max(0, ...plan.windows.map(({ lengthMs }) => lengthMs ?? 0));
    this.#interpreter = new ReadingInterpreter({ ...plan.lines, zone: plan.zone, longestWindowMs });
    const { influx: precision } = plan;
    this.#influx = precision && new InfluxReader({ ...plan.lines, precision, longestWindowMs });
    const count = (readings: LineReadings, line: Line) => this.#count(readings, line);
    this.#reader = new RecordReader(this.#interpreter, count, report.reject, plan.lines.comment);
  }

  /** Lines of the source so far. */
  get lines(): number {
    return this.#lines;
  }

  /** Lines of all sources that were comments. */
  get comments(): number {
    return this.#reader.comments;
  }

  /** What the lines of the source have told; undefined until that is enough, and in the middle of a record. */
  get state(): SourceState | undefined {
    if (this.#influx !== undefined) return this.#influxState;
    const { header, shape, times } = this.#interpreter;
    if (shape === undefined || this.#reader.isOpen) return undefined;
    const { hasLocalTime, hasTimeTwice } = times;
    return { header, shape, hasReturn: this.#hasReturn, hasLocalTime, hasTimeTwice };
  }

  get #influxState(): SourceState | undefined {
    const shape = { kind: 'influx' } as const;
    const state = { header: undefined, shape, hasLocalTime: false, hasTimeTwice: false };
    return this.#lines === 0 ? undefined : { ...state, hasReturn: this.#hasReturn };
  }

  /** What complete lines of the source look like, to judge a torn one by. */
  get whole(): WholeLines {
    return this.#interpreter.whole;
  }

  /** Begins another source. */
  begin(source: string, form: LinesOf = usualLines): void {
    this.#source = source;
    this.#form = form;
    this.#lines = 0;
    this.#interpreter.begin();
  }

  /** Starts in the middle of a source, at its second line or later. */
  resume(source: string, { header, shape, hasReturn }: SourceState): void {
    this.#source = source;
    this.#form = usualLines;
    // The first line of a source has rules of its own.
    this.#lines = 1;
    this.#interpreter.resume(header, shape);
    this.#reader.resume(source);
    this.#hasReturn = hasReturn;
  }

  /** Records lines that were counted or rejected elsewhere, and what complete ones looked like, in order. */
  noteLines(lines: number, whole: readonly WholeLines[]): void {
    this.#lines += lines;
    for (const last of whole) this.#interpreter.saw(last);
  }

  /** Records lines that the kernel has counted; `leastScale` is the smallest scale of values with a time. */
  notePlainLines(lines: number, leastScale: number | undefined): void {
    const { shape } = this.#interpreter;
    this.noteLines(lines, shape?.kind === 'fields' ? [{ width: shape.width, leastScale }] : []);
  }

  /** Counts or rejects the next line. @throws Failure (data) if the source lacks a column asked for */
  count({ text, hasReturn }: TextLine, torn: boolean): void {
    this.#lines += 1;
    this.#hasReturn = hasReturn;
    const isFirst = this.#lines === 1;
    const whole = isFirst ? text.replace(BYTE_ORDER_MARK, '') : text;
    const line = { ...this.#position(torn), text: whole, hasReturn };
    if (this.#influx === undefined) this.#reader.take(line);
    else this.#judge(this.#influx.read(whole, torn), line);
  }

  #judge(meaning: Meaning<LineReadings>, line: Line): void {
    if (meaning === 'nothing') return;
    if (isRow(meaning)) this.#count(meaning, line);
    else this.#report.reject(line, meaning);
  }

  /** Rejects the next line, which exceeds the limit of length. */
  rejectLong(beginning: string): void {
    this.#lines += 1;
    this.#report.reject({ ...this.#position(true), text: beginning }, tooLong);
  }

  /** Ends the source. */
  end(): void {
    this.#reader.end();
  }

  #position(torn: boolean): Omit<Line, 'text'> {
    const { firstLine, hasSwappedBreaks } = this.#form;
    const line = { source: this.#source, number: firstLine - 1 + this.#lines, torn };
    return hasSwappedBreaks ? { ...line, hasSwappedBreaks } : line;
  }

  /** A line counts once, as accepted or as rejected, however many values it has. */
  #count({ readings, rejection }: LineReadings, line: Line): void {
    for (const reading of readings) {
      const problem = this.#add(reading, line);
      if (problem === undefined) continue;
      // The readings after it have the same time, so the same problem.
      this.#report.reject(line, problem);
      return;
    }
    if (rejection === undefined) this.#report.accept(1);
    else this.#report.reject(line, rejection);
  }

  #add({ sensor, time, value }: Reading, line: Line): Rejection | undefined {
    const rejection = time === undefined ? undefined : this.#future?.rejection('reading', time);
    if (rejection !== undefined) return rejection;
    const outcome = this.#aggregate.add(sensor, time, value);
    if (outcome === 'counted') return undefined;
    if (outcome === 'late')
      return { kind: 'late', detail: `reading is late: its window was closed: ${line.text}` };
    const hint = this.#influx === undefined ? ' (get-stats --time COLUMN)' : '';
    return { kind: 'without a time', detail: `reading has no time, so no window${hint}` };
  }
}
