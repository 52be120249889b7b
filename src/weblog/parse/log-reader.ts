/**
 * Reads the lines of logs from bytes: plain ones with the kernel, all others with care.
 *
 * Which of both has read a line cannot be told from its row. Memory: a line, of 1 MiB at most, and the rows of a chunk.
 */

import type { Reject } from '../../lines/line.ts';
import { parseJsonLine } from './json-line.ts';
import type { Formats } from './log-format.ts';
import { type Kernel, MOST, makeKernel } from './log-kernel.ts';
import { type RowShape, rowText } from './log-row.ts';
import type { LogTimes } from './log-time.ts';
import { type Fault, likelier, notALogLine, parseLine, type Values } from './parse-line.ts';
import { Rows } from './row-buffer.ts';
import { decodeBytes } from './unescape.ts';

export const LONGEST_LINE = 1 << 20;
const SHOWN = 1024;
const NEWLINE = 10;
const BOM = /^\xef\xbb\xbf/;

const NOTHING = Buffer.alloc(0);
const TORN: Fault = {
  kind: 'torn',
  detail: () => 'last line has no newline, and may be half a line',
  at: 0,
};

export interface LogReaderOptions {
  readonly formats: Formats;
  readonly times: LogTimes;
  readonly shape: RowShape;
  readonly reject: Reject;
  /** Whether messages may show what is in a line. */
  readonly showsText: boolean;
  /** The kernel is made when more bytes than this have come; Infinity to read all lines with care. */
  readonly kernelAfter: number;
}

export class LogReader {
  readonly #options: LogReaderOptions;
  readonly #rows: Rows;
  #kernel: Kernel | undefined;
  #kernelAfter: number;
  #read = 0;
  #source = '';
  #lines = 0;
  #plain = 0;
  #accepted = 0;
  /** The beginning of a line whose end has not come yet. */
  #pending: Buffer[] = [];
  #pendingLength = 0;
  /** Whether that is a line which was too long, of which the rest is to come. */
  #isSkipping = false;

  constructor(options: LogReaderOptions) {
    this.#options = options;
    this.#rows = new Rows(options.shape.header);
    this.#kernelAfter = options.kernelAfter;
  }

  begin(source: string): void {
    this.#source = source;
    this.#lines = 0;
    this.#plain = 0;
  }

  /** How many lines the source has had, and how many of them the kernel has read. */
  get lines(): { readonly all: number; readonly plain: number } {
    return { all: this.#lines, plain: this.#plain };
  }

  /** Reads the lines that are whole with this chunk. */
  take(chunk: Buffer): void {
    this.#read += chunk.length;
    if (this.#read > this.#kernelAfter) this.#makeKernel();
    for (let at = 0; at < chunk.length; at += MOST) this.#takePiece(chunk.subarray(at, at + MOST));
  }

  /** No more bytes come from this source. */
  end(): void {
    if (this.#pendingLength > 0) this.#readLine(this.#takePending().toString('latin1'), true);
    this.#isSkipping = false;
  }

  /** How many lines were read since this was asked last. */
  takeCount(): number {
    const count = this.#accepted;
    this.#accepted = 0;
    return count;
  }

  /** The rows since this was asked last; before the first one, a header stands there. */
  takeRows(): Buffer {
    this.#takeFromKernel();
    return this.#rows.take();
  }

  /** Takes the rows that the kernel has made, and says whether there were any. */
  #takeFromKernel(): boolean {
    const rows = this.#kernel?.takeRows() ?? NOTHING;
    this.#rows.addBytes(rows);
    return rows.length > 0;
  }

  #makeKernel(): void {
    this.#kernelAfter = Number.POSITIVE_INFINITY;
    const { formats, shape, times } = this.#options;
    if (formats.formats.length > 0) this.#kernel = makeKernel(formats, shape, times.isUtc);
  }

  #takePiece(bytes: Buffer): void {
    const last = bytes.lastIndexOf(NEWLINE) + 1;
    let at = 0;
    if (last > 0 && (this.#pendingLength > 0 || this.#isSkipping)) {
      at = bytes.indexOf(NEWLINE) + 1;
      this.#keep(bytes.subarray(0, at));
      this.#readLines(this.#takePending());
      this.#isSkipping = false;
    }
    this.#readLines(bytes.subarray(at, last));
    this.#keep(bytes.subarray(last));
  }

  /** Keeps a part of a line, unless that is too long, or there is nothing of it. */
  #keep(part: Buffer): void {
    if (this.#isSkipping || part.length === 0) return;
    this.#pending.push(Buffer.from(part));
    this.#pendingLength += part.length;
    if (this.#pendingLength <= LONGEST_LINE) return;
    this.#lines += 1;
    const beginning = this.#takePending().toString('latin1', 0, SHOWN);
    const detail = () => `line is longer than ${LONGEST_LINE} bytes`;
    this.#refuse(beginning, { kind: 'too long', detail, at: 0 }, true);
    this.#isSkipping = true;
  }

  #takePending(): Buffer {
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingLength = 0;
    return bytes;
  }

  /** Whole lines. */
  #readLines(lines: Buffer): void {
    const kernel = lines.length > MOST ? undefined : this.#kernel;
    if (kernel === undefined) {
      for (const line of lines.toString('latin1').split('\n').slice(0, -1)) this.#readLine(line, false);
      return;
    }
    kernel.feed(lines);
    while (!kernel.isAtEnd) {
      const count = kernel.scan();
      this.#lines += count;
      this.#plain += count;
      this.#accepted += count;
      if (count > 0) continue;
      // A row that finds no room even where there are no others is made here.
      if (!kernel.isFull || !this.#takeFromKernel()) this.#readLine(kernel.takeLine(), false);
    }
  }

  #readLine(bytes: string, torn: boolean): void {
    this.#lines += 1;
    const text = this.#lines === 1 ? bytes.replace(BOM, '') : bytes;
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    const result = this.#parse(line, torn);
    if (!Array.isArray(result)) this.#refuse(line, result, torn);
    else {
      this.#accepted += 1;
      this.#takeFromKernel();
      this.#kernel?.learn(this.#options.times.known);
      this.#rows.addText(rowText(result, this.#options.shape));
    }
  }

  #parse(line: string, torn: boolean): Values | Fault {
    const { formats, columns, json } = this.#options.formats;
    const { times } = this.#options;
    if (json && line.startsWith('{')) return parseJsonLine(line, columns, times);
    let fault: Fault | undefined;
    for (const format of formats) {
      // Of a line without newline only what closes its last field tells that it is whole.
      if (torn && format.fields.at(-1)?.after === '') continue;
      const result = parseLine(line, format, columns.length, times);
      if (Array.isArray(result)) return result;
      fault = likelier(fault, result);
    }
    return fault ?? (torn ? TORN : notALogLine(line));
  }

  #refuse(line: string, { kind, detail }: Fault, torn: boolean): void {
    const place = { text: decodeBytes(line), source: this.#source, number: this.#lines, torn };
    this.#options.reject(place, { kind, detail: this.#options.showsText ? detail() : kind });
  }
}
