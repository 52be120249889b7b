/**
 * Converts the lines of logs to rows: plain lines with the kernel, all others with `parse-line.ts`, with the same
 * results.
 *
 * Memory: a line of at most 1 MiB, and the rows of a chunk.
 */

import { ByteSplitter, type Piece } from '../../lines/byte-splitter.ts';
import { tooLong, unreadableRow } from '../../lines/limits.ts';
import type { Reject, Rejection } from '../../lines/line.ts';
import { namedBody } from '../../queues/envelope.ts';
import { LineParser, TORN } from './line-parser.ts';
import type { Formats } from './log-format.ts';
import { type LogKernel, MAX_INPUT, makeLogKernel } from './log-kernel.ts';
import { formatRow, type RowLayout } from './log-row.ts';
import type { LogTimes } from './log-time.ts';
import type { Fault, Values } from './parse-line.ts';
import { RowBuffer } from './row-buffer.ts';
import { decodeBytes } from './unescape.ts';

const NOTHING = Buffer.alloc(0);
interface LogReaderOptions {
  readonly formats: Formats;
  /** Whether each line is in a message envelope, whose id is the last value. */
  readonly hasEnvelopes?: boolean;
  readonly times: LogTimes;
  readonly layout: RowLayout;
  readonly reject: Reject;
  /** Whether messages may quote a line. */
  readonly showsText: boolean;
  /** Starts the kernel after this many bytes; Infinity: never. */
  readonly kernelAfter: number;
}

/** Reads one source after another; the caller takes rows and counts in between. */
export class LogReader {
  readonly #options: LogReaderOptions;
  readonly #rows: RowBuffer;
  readonly #parser: LineParser;
  #kernel: LogKernel | undefined;
  #kernelAfter: number;
  #read = 0;
  #source = '';
  #lines = 0;
  #plain = 0;
  #accepted = 0;
  #splitter = new ByteSplitter();

  constructor(options: LogReaderOptions) {
    this.#options = options;
    this.#rows = new RowBuffer(options.layout.header);
    this.#parser = new LineParser(options.formats, options.times);
    this.#kernelAfter = options.hasEnvelopes === true ? Number.POSITIVE_INFINITY : options.kernelAfter;
  }

  /** Starts a source. @param source its name, for messages */
  begin(source: string): void {
    this.#source = source;
    this.#splitter = new ByteSplitter();
    this.#parser.format = undefined;
    this.#lines = 0;
    this.#plain = 0;
  }

  /** The number of lines of the source so far, and how many of them the kernel parsed. */
  get lines(): { readonly all: number; readonly plain: number } {
    return { all: this.#lines, plain: this.#plain };
  }

  /** Parses the lines that end in this chunk. */
  take(chunk: Buffer): void {
    this.#read += chunk.length;
    if (this.#read > this.#kernelAfter) this.#makeLogKernel();
    for (let at = 0; at < chunk.length; at += MAX_INPUT)
      for (const piece of this.#splitter.take(chunk.subarray(at, at + MAX_INPUT))) this.#takePiece(piece);
  }

  /** Ends the source: parses an unterminated last line of a file. A stream may have been cut anywhere. */
  end(isFile = true): void {
    for (const { bytes } of this.#splitter.end()) {
      const line = bytes.toString('latin1');
      if (isFile) this.#readLine(line, true);
      else {
        this.#lines += 1;
        this.#refuse(line, TORN, true);
      }
    }
  }

  /** Returns and resets the number of lines that gave a row. */
  takeCount(): number {
    const count = this.#accepted;
    this.#accepted = 0;
    return count;
  }

  /** Removes the rows since the last call; the header precedes the first. */
  takeRows(): Buffer {
    this.#takeFromKernel();
    return this.#rows.take();
  }

  /** Moves the kernel's rows to the buffer. @returns whether there were any */
  #takeFromKernel(): boolean {
    const rows = this.#kernel?.takeRows() ?? NOTHING;
    this.#rows.addBytes(rows);
    return rows.length > 0;
  }

  #makeLogKernel(): void {
    this.#kernelAfter = Number.POSITIVE_INFINITY;
    const { formats, layout, times } = this.#options;
    this.#kernel = makeLogKernel(formats, layout, times.isUtc);
  }

  #takePiece({ kind, bytes }: Piece): void {
    if (kind === 'lines') this.#readLines(bytes);
    else {
      this.#lines += 1;
      this.#refuse(bytes.toString('latin1'), faultOf(tooLong), true);
    }
  }

  /** Parses complete lines. */
  #readLines(lines: Buffer): void {
    const kernel = lines.length > MAX_INPUT ? undefined : this.#kernel;
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
      if (count > 0) {
        this.#parser.format = kernel.format;
        continue;
      }
      // A row too large even for an empty kernel is formatted here.
      if (!kernel.isFull || !this.#takeFromKernel()) this.#readLine(kernel.takeLine(), false);
    }
  }

  #readLine(bytes: string, torn: boolean): void {
    this.#lines += 1;
    const line = bytes.endsWith('\r') ? bytes.slice(0, -1) : bytes;
    const row = this.#rowOf(line, torn);
    if (typeof row !== 'string') this.#refuse(line, row, torn);
    else {
      this.#accepted += 1;
      this.#takeFromKernel();
      this.#kernel?.learn(this.#options.times.known);
      this.#rows.addText(row);
    }
  }

  #rowOf(line: string, torn: boolean): string | Fault {
    const result = this.#options.hasEnvelopes === true ? this.#open(line) : this.#parser.parse(line, torn);
    if (!Array.isArray(result)) return result;
    const row = formatRow(result, this.#options.layout);
    const problem = unreadableRow(row);
    return problem === undefined ? row : faultOf(problem);
  }

  /** The values of the line in an envelope, with the message's id. */
  #open(envelope: string): Values | Fault {
    const message = namedBody(decodeBytes(envelope));
    if ('kind' in message) return faultOf(message);
    const values = this.#parser.parse(message.body.toString('latin1'), false);
    if (Array.isArray(values)) values[values.length - 1] = message.id;
    return values;
  }

  #refuse(line: string, { kind, detail }: Fault, torn: boolean): void {
    const place = { text: decodeBytes(line), source: this.#source, number: this.#lines, torn };
    this.#options.reject(place, { kind, detail: this.#options.showsText ? detail() : kind });
  }
}

function faultOf({ kind, detail }: Rejection): Fault {
  return { kind, detail: () => detail, at: 0 };
}
