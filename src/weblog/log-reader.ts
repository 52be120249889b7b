/**
 * Reads the lines of logs from bytes: plain ones with the quick scanner, all others with care.
 *
 * Which of both has read a line cannot be told from its row. Memory: a line, of 1 MiB at most, and the rows of a chunk.
 */

import type { Reject } from '../readings/line.ts';
import { parseJsonLine } from './json-line.ts';
import type { Formats, LogFormat } from './log-format.ts';
import type { LogTimes } from './log-time.ts';
import { type Fault, likelier, notALogLine, parseLine, type Values } from './parse-line.ts';
import { QuickScanner } from './quick-scan.ts';
import { QuickTimes } from './quick-times.ts';
import type { RowWriter } from './row-writer.ts';
import { decodeUtf8 } from './unescape.ts';

export const LONGEST_LINE = 1 << 20;
const SHOWN = 1024;
/** More is read in pieces. */
const PIECE = 1 << 17;
const NEWLINE = 10;
const BOM = /^\xef\xbb\xbf/;

const TORN: Fault = { kind: 'torn', detail: 'last line has no newline, and may be half a line', at: 0 };

export interface LogReaderOptions {
  readonly formats: Formats;
  readonly times: LogTimes;
  readonly rows: RowWriter;
  readonly reject: Reject;
  /** Whether messages may show what is in a line. */
  readonly showsText: boolean;
  /** Whether plain lines are scanned quickly; without it the rows are the same, later. */
  readonly quick: boolean;
}

export class LogReader {
  readonly #options: LogReaderOptions;
  readonly #times: QuickTimes;
  readonly #scanner: QuickScanner;
  /** Of the plain line before. */
  #format: LogFormat | undefined;
  #source = '';
  #lines = 0;
  #accepted = 0;
  /** The beginning of a line whose end has not come yet. */
  #pending: Buffer[] = [];
  #pendingLength = 0;
  /** Whether that is a line which was too long, of which the rest is to come. */
  #isSkipping = false;

  constructor(options: LogReaderOptions) {
    this.#options = options;
    this.#times = new QuickTimes(options.times);
    this.#scanner = new QuickScanner(options.formats.columns.length, this.#times);
    this.#format = options.formats.formats[0];
  }

  begin(source: string): void {
    this.#source = source;
    this.#lines = 0;
  }

  /** Reads the lines that are whole with this chunk. */
  take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; at += PIECE) this.#takePiece(chunk.subarray(at, at + PIECE));
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

  #takePiece(bytes: Buffer): void {
    const last = bytes.lastIndexOf(NEWLINE) + 1;
    let at = 0;
    if (last > 0 && (this.#pendingLength > 0 || this.#isSkipping)) {
      at = bytes.indexOf(NEWLINE) + 1;
      this.#keep(bytes.subarray(0, at));
      const line = this.#takePending();
      this.#readLines(line, 0, line.length);
      this.#isSkipping = false;
    }
    this.#readLines(bytes, at, last);
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
    const detail = `line is longer than ${LONGEST_LINE} bytes`;
    this.#refuse(beginning, { kind: 'too long', detail, at: 0 }, true);
    this.#isSkipping = true;
  }

  #takePending(): Buffer {
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingLength = 0;
    return bytes;
  }

  /** Whole lines, from one place to another. */
  #readLines(bytes: Buffer, start: number, end: number): void {
    for (let at = start; at < end; ) {
      let next = this.#options.quick ? this.#scan(bytes, at) : -1;
      if (next < 0) {
        next = bytes.indexOf(NEWLINE, at) + 1;
        this.#readLine(bytes.toString('latin1', at, next - 1), false);
      } else {
        this.#lines += 1;
        this.#accepted += 1;
        this.#options.rows.writeSpans(bytes, this.#scanner.spans, this.#times, next - at);
      }
      at = next;
    }
  }

  /** Where the next line begins; -1 when this one is not plain. A plain line has no more than one format. */
  #scan(bytes: Buffer, at: number): number {
    const { formats } = this.#options.formats;
    const next = this.#format === undefined ? -1 : this.#scanner.scan(bytes, at, this.#format);
    if (next >= 0 || formats.length < 2) return next;
    for (const format of formats) {
      const other = format === this.#format ? -1 : this.#scanner.scan(bytes, at, format);
      if (other < 0) continue;
      this.#format = format;
      return other;
    }
    return -1;
  }

  #readLine(bytes: string, torn: boolean): void {
    this.#lines += 1;
    const line = (this.#lines === 1 ? bytes.replace(BOM, '') : bytes).replace(/\r$/, '');
    const result = this.#parse(line, torn);
    if (!Array.isArray(result)) this.#refuse(line, result, torn);
    else {
      this.#accepted += 1;
      this.#options.rows.writeValues(result);
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
    const place = { text: decodeUtf8(line), source: this.#source, number: this.#lines, torn };
    this.#options.reject(place, { kind, detail: this.#options.showsText ? detail : kind });
  }
}
