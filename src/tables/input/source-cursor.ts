/** A place in a source that moves on as lines are read, and what may be wrong there. */

import { isUtf8 } from 'node:buffer';
import { quote, type Reject, type Rejection } from '../../lines/line.ts';
import type { ColumnType } from './column-type.ts';
import type { Column } from './schema.ts';

/** In bytes. */
export const LONGEST_LINE = 1 << 20;
const SHOWN = 1024;
const NEWLINE = 10;

export class Position {
  readonly source: string;
  /** Of the line that comes next. */
  number = 1;
  readonly #reject: Reject;

  constructor(source: string, reject: Reject) {
    this.source = source;
    this.#reject = reject;
  }

  toString(): string {
    return `${this.source}:${this.number}`;
  }

  /** Rejects a record that begins at this line, and moves on behind it. */
  reject(record: Buffer, rejection: Rejection): void {
    const torn = record.at(-1) !== NEWLINE;
    const long = record.length > LONGEST_LINE;
    const text = record
      .subarray(0, long ? SHOWN : undefined)
      .toString()
      .replace(/\r?\n$/, '');
    this.#reject({ text, source: this.source, number: this.number, torn }, long ? tooLong : rejection);
    this.number += lineCount(record);
  }
}

function lineCount(record: Buffer): number {
  let count = 1;
  for (
    let at = record.indexOf(NEWLINE);
    at >= 0 && at < record.length - 1;
    at = record.indexOf(NEWLINE, at + 1)
  )
    count++;
  return count;
}

/** Whether bytes are text that every table can hold. */
export function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

export const tooLong: Rejection = { kind: 'too long', detail: `line is longer than ${LONGEST_LINE} bytes` };

export const notText: Rejection = { kind: 'not text', detail: 'row is not UTF-8, or has a NUL in it' };

export function withoutKey({ name }: Column): Rejection {
  return { kind: 'without a key', detail: `nothing in ${quote(name)}, which is of the key` };
}

const descriptions: Readonly<Record<ColumnType, string>> = {
  integer: 'a whole number',
  long: 'a whole number',
  decimal: 'a decimal',
  timestamp: 'a time with its offset',
  boolean: 'true or false',
  text: 'text',
};

export function wrongType({ name, type = 'text' }: Column, text: string): Rejection {
  return { kind: 'of the wrong type', detail: `${quote(name)} is not ${descriptions[type]}: ${quote(text)}` };
}
