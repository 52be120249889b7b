/** Reasons for rejecting a row, whatever its format. */

import { isUtf8 } from 'node:buffer';
import { quote, type Rejection } from '../../lines/line.ts';
import { decodeText, textProblem } from '../../lines/text.ts';
import { readWritten } from '../../readings/written-time.ts';
import type { ColumnType } from './column-type.ts';
import type { Column } from './schema.ts';

/** Whether every database can store the bytes as text. */
export function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

/** For a row whose bytes are not text. */
export function notText(bytes: Buffer): Rejection {
  return { kind: 'not text', detail: `row ${textProblem(decodeText(bytes))}` };
}

/** For a row with null in a key column. */
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

/** For a row with text that does not fit its column. */
export function wrongType({ name, type }: Column, text: string): Rejection {
  const isLocal = type === 'timestamp' && readWritten(text) !== undefined;
  const hint = isLocal ? ' (load-rows --tz Europe/Berlin, or UTC)' : '';
  const detail = `${quote(name)} is not ${descriptions[type]}${hint}: ${quote(text)}`;
  return { kind: 'of the wrong type', detail };
}
