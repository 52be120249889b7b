/** Why a row of any format is rejected. */

import { isUtf8 } from 'node:buffer';
import { quote, type Rejection } from '../../lines/line.ts';
import type { ColumnType } from './column-type.ts';
import type { Column } from './schema.ts';

/** Whether every table can hold the bytes as text. */
export function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

/** The rejection of a row whose bytes are not text. */
export function notText(bytes: Buffer): Rejection {
  return { kind: 'not text', detail: isUtf8(bytes) ? 'row has a NUL in it' : 'row is not UTF-8' };
}

/** Why text out of JSON is not text, in which there may be any character; undefined when it is. */
export function textRejection(text: string): Rejection | undefined {
  if (text.includes('\0')) return { kind: 'not text', detail: 'row has a NUL in it' };
  if (!/\p{Surrogate}/u.test(text)) return undefined;
  return { kind: 'not text', detail: `row has an unpaired surrogate in it: ${quote(text)}` };
}

/** The rejection of a row that has null in a column of its key. */
export function emptyKey({ name }: Column): Rejection {
  return { kind: 'without a key', detail: `key column ${quote(name)} is empty` };
}

const descriptions: Readonly<Record<ColumnType, string>> = {
  empty: 'empty',
  integer: 'a whole number',
  long: 'a whole number',
  decimal: 'a decimal',
  timestamp: 'a time with its offset',
  boolean: 'true or false',
  text: 'text',
  verbatim: 'text',
};

/** The rejection of a row with text that its column does not take. */
export function wrongType({ name, type }: Column, text: string): Rejection {
  return { kind: 'of the wrong type', detail: `${quote(name)} is not ${descriptions[type]}: ${quote(text)}` };
}
