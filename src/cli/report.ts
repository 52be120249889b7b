/**
 * The report of a run: one line of JSON, appended to the file that $ETL_REPORT names. From it a schedule learns how many rows
 * have passed.
 *
 *   {"tool":"load-stats","in":60,"out":59,"rejected":1,"ms":41,"status":0}
 *
 * in        rows that the tool processed: those it used, and those it rejected
 * out       rows that it passed on: lines of stdout, or what the tool counts instead
 * rejected  rows that it could not use
 */

import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { elapsedMs } from '../async/clock.ts';
import { errorText } from '../failure.ts';
import { newlinesIn } from '../files/last-lines.ts';

export interface RowCounts {
  readonly in?: number;
  readonly out?: number;
  readonly rejected?: number;
}

const NEWLINE = 10;

/** Counts the rows of one run. */
export class Report {
  readonly #tool: string;
  /** Undefined if no report is wanted; then nothing is counted that costs time. */
  readonly #file: string | undefined;
  readonly #begin = elapsedMs();
  #in = 0;
  #rejected = 0;
  /** Undefined until the tool counts some itself; until then lines of stdout count. */
  #out: number | undefined;
  #lines = 0;
  #endsInLine = false;

  constructor(tool: string, file: string | undefined) {
    this.#tool = tool;
    this.#file = file || undefined;
  }

  /** Adds rows. Once `out` is given, even as 0, lines of stdout no longer count. */
  count({ in: taken = 0, out, rejected = 0 }: RowCounts): void {
    this.#in += taken;
    this.#rejected += rejected;
    if (out !== undefined) this.#out = (this.#out ?? 0) + out;
  }

  /** Wraps a write to stdout so that it also counts lines, if a report is wanted. */
  counting(write: (bytes: Buffer) => Promise<void>): (bytes: Buffer) => Promise<void> {
    if (this.#file === undefined) return write;
    return async (bytes) => {
      await write(bytes);
      if (this.#out === undefined) this.#countLines(bytes);
    };
  }

  /** The totals of a tool that stores rows, in words. */
  totals(): string {
    const seconds = (elapsedMs() - this.#begin) / 1000;
    const stored = this.#out ?? 0;
    const rate = seconds < 1 ? '' : ` (${Math.round(stored / seconds)} a second)`;
    return `in all: ${this.#in} taken, ${stored} stored, ${this.#rejected} rejected, ${seconds.toFixed(2)} s${rate}`;
  }

  /** Appends the line in a single write, so that lines of tools that end at the same time do not mix. Never throws. */
  append(status: number, explain: (message: string) => void): void {
    if (this.#file === undefined) return;
    try {
      appendLine(this.#file, `${this.#line(status)}\n`);
    } catch (error) {
      explain(`${this.#file}: no report: ${errorText(error)}`);
    }
  }

  #countLines(bytes: Buffer): void {
    this.#lines += newlinesIn(bytes);
    this.#endsInLine = bytes.at(-1) !== NEWLINE;
  }

  #line(status: number): string {
    return JSON.stringify({
      tool: this.#tool,
      in: this.#in,
      out: this.#out ?? this.#lines + (this.#endsInLine ? 1 : 0),
      rejected: this.#rejected,
      ms: Math.round(elapsedMs() - this.#begin),
      status,
    });
  }
}

/** Does not block on a pipe whose reader is missing or slow. */
function appendLine(file: string, line: string): void {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants;
  const descriptor = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o666);
  try {
    writeSync(descriptor, line);
  } finally {
    closeSync(descriptor);
  }
}
