/**
 * The log of a try: what it printed, each line with its time and `O` for stdout or `E` for stderr.
 *
 * That the file is there tells whether a try was started. What is printed is written some milliseconds later,
 * together. A disk that is full costs lines of the log, and never the try. Disk: half as much again as the limit.
 */

import { existsSync, ftruncateSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, writeFailure } from '../failure.ts';
import { makeFolders } from '../files/folders.ts';
import { LineLog } from '../files/line-log.ts';
import { readAt } from '../files/read-at.ts';
import { tryToClose, tryToRemove } from '../files/remove.ts';

const NEWLINE = 10;
/** How long lines wait to be written. */
const FLUSH_MS = 100;
/** Bytes that are written without waiting. */
const MOST_WAITING = 1 << 18;
/** Bytes that are read at once; a line in a log is shorter. */
const BLOCK = 1 << 18;
/** In which the mark of a log is. */
const HEADER_BYTES = 4096;
/** A log of this size has its header, whatever is left out. */
const LEAST_BYTES = 1000;
/** Space for the line that says what is left out. */
const MARK_BYTES = 64;

/** How a log is made. */
interface LogOptions {
  /** The most bytes that are kept. */
  readonly limit: number;
  /** The lines at its beginning. */
  readonly header: string;
  /** A text of the header: a log that is there already without it is another ledger's, and gives way. */
  readonly mark: string;
}

/** A log that is written. */
export class TryLog {
  readonly #descriptor: number;
  readonly #limit: number;
  /** Of the file. */
  #size: number;
  /** What there is between the first and the last half, once something is left out. */
  #middle: { readonly start: number; readonly end: number; readonly leftOut: number } | undefined;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Bytes that could not be written, and of which the file does not tell yet. */
  #lost = 0;
  #isClosed = false;

  /** Makes it. @throws Failure (I/O, temporary) when it cannot be made, or is there already */
  constructor(path: string, { limit, header, mark }: LogOptions) {
    this.#limit = Math.max(limit, LEAST_BYTES);
    try {
      makeFolders(dirname(path));
      this.#descriptor = openNew(path, mark);
    } catch (error) {
      throw writeFailure(path, error);
    }
    try {
      this.#size = writeAll(this.#descriptor, Buffer.from(header), 0);
    } catch (error) {
      tryToClose(this.#descriptor);
      tryToRemove(path);
      throw writeFailure(path, error);
    }
  }

  /** Adds whole lines, until it is closed. */
  add(lines: Buffer): void {
    if (lines.length === 0 || this.#isClosed) return;
    this.#waiting.push(lines);
    this.#waitingBytes += lines.length;
    if (this.#waitingBytes >= MOST_WAITING) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  /** Ends it with these lines. */
  close(trailer: string): void {
    this.add(Buffer.from(trailer));
    this.#flush();
    if (this.#size > this.#limit) this.#leaveOut();
    this.#isClosed = true;
    tryToClose(this.#descriptor);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const note = this.#lost === 0 ? '' : `... ${inWords(this.#lost)} bytes could not be written ...\n`;
    const bytes = Buffer.concat([Buffer.from(note), ...this.#waiting]);
    try {
      this.#size += writeAll(this.#descriptor, bytes, this.#size);
      this.#lost = 0;
    } catch {
      // The next lines are written over what there is of these.
      this.#lost += this.#waitingBytes;
    }
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#size > 1.5 * this.#limit) this.#leaveOut();
  }

  /** Leaves out so much of the middle that the limit is kept. The file stays as it is where the disk does not let us. */
  #leaveOut(): void {
    try {
      const start = this.#middle?.start ?? this.#endOfHead();
      const end = this.#startOfTail(Math.max(this.#size - (this.#limit - start), start + MARK_BYTES));
      const leftOut = (this.#middle?.leftOut ?? 0) + end - (this.#middle?.end ?? start);
      const mark = Buffer.from(`... ${inWords(leftOut)} bytes left out ...\n`);
      writeAll(this.#descriptor, mark, start);
      this.#middle = { start, end: start + mark.length, leftOut };
      this.#size = this.#move(end, start + mark.length);
      ftruncateSync(this.#descriptor, this.#size);
    } catch {
      // What was not left out is there.
    }
  }

  /** Moves all from there on towards the beginning. @returns the new end */
  #move(from: number, to: number): number {
    const block = Buffer.allocUnsafe(BLOCK);
    let at = from;
    while (at < this.#size) {
      const length = readAt(this.#descriptor, block, at);
      if (length === 0) break;
      writeAll(this.#descriptor, block.subarray(0, length), at - from + to);
      at += length;
    }
    return at - from + to;
  }

  /** The end of the last line that ends in the first half. */
  #endOfHead(): number {
    const half = Math.floor(this.#limit / 2);
    const from = Math.max(0, half - BLOCK);
    const block = Buffer.alloc(half - from);
    const length = readAt(this.#descriptor, block, from);
    return from + (block.subarray(0, length).lastIndexOf(NEWLINE) + 1 || length);
  }

  /** The start of the first line that starts there, or behind. */
  #startOfTail(from: number): number {
    const block = Buffer.alloc(BLOCK);
    const length = readAt(this.#descriptor, block, from - 1);
    return from + Math.max(0, block.subarray(0, length).indexOf(NEWLINE));
  }
}

/** @throws the system's error */
function openNew(path: string, mark: string): number {
  try {
    return openSync(path, 'wx+');
  } catch (error) {
    if (errorCode(error) !== 'EEXIST' || isLogWith(path, mark)) throw error;
    unlinkSync(path);
    return openSync(path, 'wx+');
  }
}

/** The mark of the logs of a ledger. */
export function logMark(ledgerId: string): string {
  return `ledger ${ledgerId}`;
}

/** Whether there is a log with this mark: one that has no header yet belongs to a try that was never started. */
export function isLogWith(path: string, mark: string): boolean {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const head = Buffer.alloc(HEADER_BYTES);
    return head.subarray(0, readAt(descriptor, head, 0)).includes(mark);
  } catch (error) {
    // What cannot be read is there.
    return errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR';
  } finally {
    if (descriptor !== undefined) tryToClose(descriptor);
  }
}

/** Lines of ours, which no try printed. */
export function noteLines(lines: readonly string[], now: number): string {
  const time = new Date(now).toISOString();
  return lines.map((line) => `${time} # ${line.replaceAll('\n', '\\n')}\n`).join('');
}

/** Adds a line to the end of a log that a killed schedule has left, if it is there. */
export function addToLog(path: string, line: string, now: number): void {
  try {
    if (!existsSync(path)) return;
    const log = new LineLog(path);
    log.add(Buffer.from(noteLines([line], now).trimEnd()));
    log.close();
  } catch {
    // A log is worth no trouble.
  }
}

function inWords(bytes: number): string {
  return bytes.toLocaleString('en-US');
}

/** @returns the number of bytes @throws the system's error */
function writeAll(descriptor: number, bytes: Buffer, position: number): number {
  let at = 0;
  while (at < bytes.length) at += writeSync(descriptor, bytes, at, bytes.length - at, position + at);
  return at;
}
