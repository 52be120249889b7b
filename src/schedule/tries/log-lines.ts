/** Turns one output of a try into lines of its log, however the bytes are chunked. */

const NEWLINE = 10;
const NEWLINE_BYTE = Buffer.of(NEWLINE);
const NOTHING = Buffer.alloc(0);
/** `2026-11-21T10:04:00.123Z O `; the last byte is `+` if the line continues the one before. */
const PREFIX_BYTES = 27;
const PLUS = 0x2b;
/** A longer line is split, so that an endless one takes bounded memory. */
const LONGEST_PART = 1 << 16;
/** Average bytes per line above which `Buffer.copy` beats a loop. */
const LONG = 300;

/** Output that is ready to be passed on. */
export interface Lines {
  /** As printed: whole lines, and parts of long ones. */
  readonly plain: Buffer;
  /** For the log: each line with prefix and newline. */
  readonly logged: Buffer;
}

/** One output. Memory: part of a line. */
export class LogLines {
  readonly #letter: 'O' | 'E';
  #begun: Buffer[] = [];
  #length = 0;
  #isGoingOn = false;

  constructor(letter: 'O' | 'E') {
    this.#letter = letter;
  }

  /** The lines that this chunk completes, and part of a line that has become too long. */
  take(chunk: Buffer, now: number): Lines {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    const whole = end === 0 ? NOTHING : this.#taken(chunk.subarray(0, end));
    const logged = this.#decorate(whole, now);
    this.#begin(chunk.subarray(end));
    if (this.#length < LONGEST_PART) return { plain: whole, logged };
    const part = this.end(now);
    this.#isGoingOn = true;
    return { plain: Buffer.concat([whole, part.plain]), logged: Buffer.concat([logged, part.logged]) };
  }

  /** The last line, if it has no newline. */
  end(now: number): Lines {
    const plain = this.#taken(NOTHING);
    if (plain.length === 0) return { plain, logged: plain };
    return { plain, logged: this.#decorate(Buffer.concat([plain, NEWLINE_BYTE]), now) };
  }

  #begin(part: Buffer): void {
    if (part.length === 0) return;
    // A copy, since a slice would keep the whole chunk in memory.
    this.#begun.push(Buffer.from(part));
    this.#length += part.length;
  }

  #taken(end: Buffer): Buffer {
    if (this.#length === 0) return end;
    const bytes = Buffer.concat([...this.#begun, end]);
    this.#begun = [];
    this.#length = 0;
    return bytes;
  }

  /** @param lines whole ones, each with its newline */
  #decorate(lines: Buffer, now: number): Buffer {
    if (lines.length === 0) return lines;
    const prefix = Buffer.from(`${new Date(now).toISOString()} ${this.#letter} `, 'latin1');
    const decorated = prefixed(lines, prefix);
    if (this.#isGoingOn) decorated[PREFIX_BYTES - 1] = PLUS;
    this.#isGoingOn = false;
    return decorated;
  }
}

/** Puts the prefix before each line. */
function prefixed(lines: Buffer, prefix: Buffer): Buffer {
  const count = countOf(lines);
  const all = Buffer.allocUnsafe(lines.length + count * prefix.length);
  if (lines.length > count * LONG) copyLong(lines, prefix, all);
  else copyShort(lines, prefix, all);
  return all;
}

function copyLong(lines: Buffer, prefix: Buffer, all: Buffer): void {
  let to = 0;
  for (let from = 0; from < lines.length; ) {
    const end = lines.indexOf(NEWLINE, from) + 1;
    to += prefix.copy(all, to);
    to += lines.copy(all, to, from, end);
    from = end;
  }
}

/** Byte by byte, since two calls per short line would take many times as long. */
function copyShort(lines: Buffer, prefix: Buffer, all: Buffer): void {
  let to = 0;
  for (let from = 0; from < lines.length; ) {
    for (let at = 0; at < PREFIX_BYTES; at++) all[to++] = prefix[at] ?? 0;
    for (let byte = 0; byte !== NEWLINE; from++) {
      byte = lines[from] ?? NEWLINE;
      all[to++] = byte;
    }
  }
}

function countOf(lines: Buffer): number {
  let count = 0;
  for (let at = 0; at < lines.length; at++) if (lines[at] === NEWLINE) count++;
  return count;
}
