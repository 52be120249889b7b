/** Writes the formats of lines and the layout of rows to the kernel's memory, see `src/kernels/weblog/layout.ts`. */

import type { LogFormat } from './compile-format.ts';
import { type FieldKind, problemOf } from './field-kinds.ts';
import type { RowLayout } from './log-row.ts';
import { MONTH_NAMES } from './log-time.ts';

const HOST_BYTES = 4096;
const MONTHS = 4352;
const MONTH_DAYS = 4400;
const FIRST_FREE = 1 << 16;
const COLUMN = 16;
const FORMAT = 16;
const FIELD = 32;
const NUMBER = 1;
const IS_TIME = 2;
const WALL_CLOCK = 4;
const NEWLINE = 10;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Maximum overhead of a column in a row, in bytes, besides its name and value. */
const MARGIN = 32;

/** The kinds supported by the kernel. */
const kinds: Readonly<Partial<Record<FieldKind, number>>> = {
  text: 0,
  word: 1,
  user: 1,
  host: 2,
  hosts: 2,
  time: 3,
  request: 4,
  status: 5,
  count: 6,
  flag: 7,
  decimal: 8,
  addresses: 9,
  client: 10,
  domain: 11,
  list: 12,
};

/** Whether the kernel supports all fields of a format. */
export function isForKernel({ fields }: LogFormat): boolean {
  return fields.every(({ kind }) => kinds[kind] !== undefined);
}

/** The address of a text, and its length in bytes. */
type Text = readonly [at: number, length: number];

interface Addresses {
  /** The address of each format. */
  readonly formats: number[];
  /** The address of the first column. */
  readonly columns: number;
  /** The text of a null value. */
  readonly nullText: Text;
  /** Maximum size of a row without its values, in bytes. */
  readonly margin: number;
}

/** Writes supported formats, and the columns of a row, to the kernel's memory. @returns their addresses */
export function fillMemory(bytes: Buffer, formats: readonly LogFormat[], layout: RowLayout): Addresses {
  for (let byte = 0; byte < 128; byte++) bytes[HOST_BYTES + byte] = hostByte(String.fromCharCode(byte));
  bytes.write(MONTH_NAMES.map((name) => `/${name}`).join(''), MONTHS, 'latin1');
  bytes.set(DAYS, MONTH_DAYS);
  const writer = new MemoryWriter(bytes);
  return {
    formats: formats.map((format) => writer.format(format)),
    columns: writer.columns(layout),
    nullText: writer.text(layout.nullText),
    margin: layout.fields.reduce((sum, { before }) => sum + before.length + MARGIN, MARGIN),
  };
}

/** 1 for a byte allowed in a host, 3 if also allowed in a domain name. */
function hostByte(byte: string): number {
  if (problemOf('host', byte) !== undefined) return 0;
  return problemOf('domain', `a${byte}`) === undefined ? 3 : 1;
}

/** Writes values consecutively; each method returns the address of its value. */
class MemoryWriter {
  readonly #bytes: Buffer;
  #free = FIRST_FREE;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  format({ start, fields }: LogFormat): number {
    const format = this.#allocate(FORMAT + fields.length * FIELD);
    this.#numbers(format, [...this.text(start), fields.length]);
    for (const [at, { kind, slot, quoted, after }] of fields.entries()) {
      const ending = after === '' ? NEWLINE : after.charCodeAt(0);
      const words = [kinds[kind] ?? 0, slot, ending, quoted ? 1 : 0, ...this.text(after)];
      this.#numbers(format + FORMAT + at * FIELD, words);
    }
    return format;
  }

  columns({ fields }: RowLayout): number {
    const columns = this.#allocate(fields.length * COLUMN);
    for (const [at, { slot, isNumber, isTime, wallClock, before }] of fields.entries()) {
      const flags = (isNumber ? NUMBER : 0) | (isTime ? IS_TIME : 0) | (wallClock ? WALL_CLOCK : 0);
      this.#numbers(columns + at * COLUMN, [slot, flags, ...this.text(before)]);
    }
    return columns;
  }

  text(text: string): Text {
    const at = this.#allocate(text.length);
    this.#bytes.write(text, at, 'latin1');
    return [at, text.length];
  }

  #numbers(at: number, numbers: readonly number[]): void {
    for (const [index, number] of numbers.entries()) this.#bytes.writeUInt32LE(number, at + index * 4);
  }

  #allocate(length: number): number {
    const at = this.#free;
    this.#free += length;
    return at;
  }
}
