/**
 * The log of a try: what it printed, each line with its time and `O` for stdout or `E` for stderr.
 *
 * The file shows that the try was started. Output is written in batches, within 100 ms. A full disk costs lines of the log, but
 * never the try. Disk space: up to one and a half times the limit.
 */

import { existsSync, ftruncateSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, writeFailure } from '../../failure.ts';
import { makeFolders } from '../../files/folders.ts';
import { LineLog } from '../../files/line-log.ts';
import { readAt } from '../../files/read-at.ts';
import { tryToClose, tryToRemove } from '../../files/remove.ts';

const NEWLINE = 10;
/** How long lines may be buffered. */
const FLUSH_MS = 100;
/** Buffered bytes that are written at once. */
const MAX_WAITING = 1 << 18;
/** Bytes per read, more than a line of a log has. */
const BLOCK = 1 << 18;
/** The mark of a log is within these first bytes. */
const HEADER_BYTES = 4096;
/** Smallest limit, so that the header always stays. */
const MIN_BYTES = 1000;
/** Room for the line that says how much was left out. */
const MARK_BYTES = 64;

/** How a log is created. */
interface LogOptions {
  /** Maximum bytes kept. */
  readonly limit: number;
  /** The lines at its beginning. */
  readonly header: string;
  /** Part of the header: an existing log without it belongs to another ledger, and is replaced. */
  readonly mark: string;
}

/** A log that is being written. */
export class TryLog {
  readonly #descriptor: number;
  readonly #limit: number;
  /** Bytes in the file. */
  #size: number;
  /** The line that stands for the middle, once something was left out. */
  #middle: { readonly start: number; readonly end: number; readonly leftOut: number } | undefined;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Bytes that could not be written, not yet noted in the file. */
  #lost = 0;
  #isClosed = false;

  /** Creates the file. @throws Failure (I/O, temporary) if it cannot be created, or exists already */
  constructor(path: string, { limit, header, mark }: LogOptions) {
    this.#limit = Math.max(limit, MIN_BYTES);
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

  /** Adds whole lines; ignored once it is closed. */
  add(lines: Buffer): void {
    if (lines.length === 0 || this.#isClosed) return;
    this.#waiting.push(lines);
    this.#waitingBytes += lines.length;
    if (this.#waitingBytes >= MAX_WAITING) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  /** Adds the last lines and closes it. */
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
      // The next lines overwrite a partial write.
      this.#lost += this.#waitingBytes;
    }
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#size > 1.5 * this.#limit) this.#leaveOut();
  }

  /** Cuts out enough of the middle to keep the limit, unless the disk fails. */
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
      // A log that is too long beats a failed try.
    }
  }

  /** Moves everything from `from` on back to `to`. @returns the new end */
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

  /** End of the last whole line in the first half. */
  #endOfHead(): number {
    const half = Math.floor(this.#limit / 2);
    const from = Math.max(0, half - BLOCK);
    const block = Buffer.alloc(half - from);
    const length = readAt(this.#descriptor, block, from);
    return from + (block.subarray(0, length).lastIndexOf(NEWLINE) + 1 || length);
  }

  /** Start of the first line at or after this offset. */
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

/** Whether a log with this mark exists; a log without a header belongs to a try that was never started. */
export function isLogWith(path: string, mark: string): boolean {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const head = Buffer.alloc(HEADER_BYTES);
    return head.subarray(0, readAt(descriptor, head, 0)).includes(mark);
  } catch (error) {
    // A log that cannot be read does exist.
    return errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR';
  } finally {
    if (descriptor !== undefined) tryToClose(descriptor);
  }
}

/** Lines of our own, marked `#`, as opposed to output. */
export function noteLines(lines: readonly string[], now: number): string {
  const time = new Date(now).toISOString();
  return lines.map((line) => `${time} # ${line.replaceAll('\n', '\\n')}\n`).join('');
}

/** Adds a line to a log that a killed schedule left, if it exists. */
export function addToLog(path: string, line: string, now: number): void {
  try {
    if (!existsSync(path)) return;
    const log = new LineLog(path);
    log.add(Buffer.from(noteLines([line], now).trimEnd()));
    log.close();
  } catch {
    // A missing line in a log is not worth failing for.
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
