/**
 * Writes records as CSV or JSON lines into bytes: those of plain lines by copying, others from their values.
 *
 * Memory: the rows that were not taken yet.
 */

import { type Column, type OutputColumn, slots } from './columns.ts';
import type { Values } from './parse-line.ts';
import { SPAN, type Spans } from './quick-scan.ts';
import type { QuickTimes } from './quick-times.ts';
import type { Redact, Redaction } from './redact.ts';

const NEWLINE = 10;
const BLANK = 32;
const QUOTE = 34;
const BRACE = 125;
/** Of `YYYY-MM-DDTHH:MM:SS`, and where its T is. */
const WALL_CLOCK = 19;
const T_AT = 10;
/** A column takes no more than that besides its value and its name. */
const MARGIN = 64;
const FIRST_CAPACITY = 1 << 17;
const MOST_UTF8 = 3;
/** Of a list of names of one letter each becomes a hash. */
const MOST_PER_BYTE = 10;
/** A row that began with a brace would be taken for JSON. */
const MUST_BE_QUOTED = /^\{|[",\r\n]/;


interface Target {
  readonly slot: number;
  readonly wallClock: boolean;
  readonly isNumber: boolean;
  readonly isTime: boolean;
  readonly redact: Redact | undefined;
  /** What stands before its value in a row. */
  readonly before: Buffer;
}

export interface RowStyle {
  readonly columns: readonly OutputColumn[];
  /** Those of all records. */
  readonly known: readonly Column[];
  readonly json: boolean;
  readonly redact: Redaction;
}

export class RowWriter {
  readonly #targets: readonly Target[];
  readonly #json: boolean;
  readonly #null: Buffer;
  readonly #margin: number;
  readonly #factor: number;
  #bytes = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  #length = 0;

  constructor({ columns, known, json, redact }: RowStyle) {
    this.#json = json;
    this.#targets = columns.map(({ name, slot, wallClock }, at) => {
      const column = known[slot];
      const before = json ? `${at === 0 ? '{' : ','}${JSON.stringify(name)}:` : at === 0 ? '' : ',';
      return {
        slot,
        wallClock,
        isNumber: column?.type === 'number',
        isTime: slot === slots.time,
        redact: column && redact(column),
        before: Buffer.from(before),
      };
    });
    // Alone in its row, nothing would be a blank line.
    this.#null = Buffer.from(json ? 'null' : columns.length === 1 ? '""' : '');
    this.#margin = this.#targets.reduce((sum, { before }) => sum + before.length + MARGIN, MARGIN);
    this.#factor = this.#targets.some((target) => target.redact) ? MOST_PER_BYTE : 1;
    if (!json) this.#writeText(`${columns.map(({ name }) => name).join(',')}\n`);
  }

  /** Writes the record of a plain line, of so many bytes. */
  writeSpans(bytes: Buffer, spans: Spans, times: QuickTimes, lineLength: number): void {
    this.#reserve(lineLength * this.#factor + this.#margin);
    const out = this.#bytes;
    let to = this.#length;
    for (const target of this.#targets) {
      to = copy(target.before, 0, target.before.length, out, to);
      if (target.isTime) {
        to = this.#writeTime(times, target, to);
        continue;
      }
      const start = spans[target.slot * SPAN] ?? 0;
      const end = spans[target.slot * SPAN + 1] ?? 0;
      if (start === end) to = copy(this.#null, 0, this.#null.length, out, to);
      else if (target.redact !== undefined)
        to += out.write(this.#format(target, target.redact(bytes.toString('latin1', start, end))), to);
      else {
        const quotes = this.#json ? !target.isNumber : spans[target.slot * SPAN + 2] === 1;
        if (quotes) out[to++] = QUOTE;
        to = copy(bytes, start, end, out, to);
        if (quotes) out[to++] = QUOTE;
      }
    }
    if (this.#json) out[to++] = BRACE;
    out[to++] = NEWLINE;
    this.#length = to;
  }

  /** Writes a record by its values. */
  writeValues(values: Values): void {
    const fields = this.#targets.map((target) => {
      const value = values[target.slot] ?? '';
      const shown = target.redact === undefined || value === '' ? value : target.redact(value);
      return `${target.before}${this.#format(target, target.wallClock ? wallClock(shown) : shown)}`;
    });
    this.#writeText(`${fields.join('')}${this.#json ? '}' : ''}\n`);
  }

  /** The rows since this was asked last. They are overwritten by the next ones. */
  take(): Buffer {
    const rows = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return rows;
  }

  #writeTime({ text, length }: QuickTimes, target: Target, start: number): number {
    const out = this.#bytes;
    let to = start;
    if (this.#json) out[to++] = QUOTE;
    const end = copy(text, 0, target.wallClock ? WALL_CLOCK : length, out, to);
    if (target.wallClock) out[to + T_AT] = BLANK;
    if (this.#json) out[end] = QUOTE;
    return this.#json ? end + 1 : end;
  }

  #format({ isNumber }: Target, value: string): string {
    if (value === '') return this.#null.toString();
    if (this.#json) return isNumber ? value : JSON.stringify(value);
    return MUST_BE_QUOTED.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  }

  #writeText(text: string): void {
    this.#reserve(text.length * MOST_UTF8);
    this.#length += this.#bytes.write(text, this.#length);
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.#length + length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Where the copy ends. A call of the system's would take longer than most fields. */
function copy(from: Buffer, start: number, end: number, out: Buffer, place: number): number {
  let to = place;
  for (let at = start; at < end; at++) out[to++] = from[at] ?? 0;
  return to;
}

function wallClock(time: string): string {
  return time.slice(0, WALL_CLOCK).replace('T', ' ');
}
