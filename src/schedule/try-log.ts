/**
 * The log of a try: what it printed, each line with its time and `O` for stdout or `E` for stderr.
 *
 * The file must be new: that it is there tells whether a try was started. What is printed is written some milliseconds later,
 * together. A disk that is full costs lines of the log, and never the try.
 */

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFailure } from '../failure.ts';
import { tryToRemove } from '../files/remove.ts';

/** How long lines wait to be written. */
const FLUSH_MS = 100;
/** Bytes that are written without waiting. */
const MOST_WAITING = 1 << 18;

/** A log that is written. */
export class TryLog {
  readonly #descriptor: number;
  #waiting: Buffer[] = [];
  #size = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Makes it, with these lines at its beginning. @throws Failure (I/O, temporary) when it cannot be made, or is there already */
  constructor(path: string, header: readonly string[], now: number) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.#descriptor = openSync(path, 'wx+');
    } catch (error) {
      throw writeFailure(path, error);
    }
    try {
      writeSync(this.#descriptor, noteLines(header, now));
    } catch (error) {
      closeSync(this.#descriptor);
      tryToRemove(path);
      throw writeFailure(path, error);
    }
  }

  /** Adds whole lines. */
  add(lines: Buffer): void {
    this.#waiting.push(lines);
    this.#size += lines.length;
    if (this.#size >= MOST_WAITING) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  /** Ends it with these lines. */
  close(trailer: readonly string[], now: number): void {
    this.add(Buffer.from(noteLines(trailer, now)));
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#size = 0;
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    } catch {
      // The disk is full.
    }
  }
}

/** Lines of ours, which no try printed. */
function noteLines(lines: readonly string[], now: number): string {
  const time = new Date(now).toISOString();
  return lines.map((line) => `${time} # ${line.replaceAll('\n', '\\n')}\n`).join('');
}
