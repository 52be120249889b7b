/**
 * The rule for text at the boundary: a name has no NUL, no byte that is not UTF-8, and no unpaired surrogate.
 *
 * A byte that is not UTF-8 is decoded to its own unpaired surrogate (0xf6 to U+DCF6), so that names that differ in such
 * bytes stay different until they are rejected.
 */

import { isUtf8 } from 'node:buffer';
import { LONGEST_NAME, MAX_RECORD_LINES } from './limits.ts';
import { quote, type Rejection } from './line.ts';

const ODD = /[\0\p{Cs}]/u;
const STRAY_BYTE = /[\udc80-\udcff]/;
/** Matches a character of several bytes, or a byte that is in none. */
const SEQUENCE =
  /[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2}|[\x80-\xff]/g;

/** The text of UTF-8; each byte that is not UTF-8 becomes a surrogate from U+DC80 to U+DCFF. */
export function decodeText(bytes: Buffer): string {
  const text = bytes.toString();
  if (!text.includes('\ufffd') || isUtf8(bytes)) return text;
  return bytes
    .toString('latin1')
    .replace(SEQUENCE, (sequence) =>
      sequence.length === 1
        ? String.fromCharCode(0xdc00 + sequence.charCodeAt(0))
        : Buffer.from(sequence, 'latin1').toString(),
    );
}

/** The bytes that `decodeText` would decode to this text. */
export function encodeText(text: string): Buffer {
  if (!STRAY_BYTE.test(text)) return Buffer.from(text);
  return Buffer.concat(
    text
      .split(/(?<![\ud800-\udbff])([\udc80-\udcff])/)
      .map((part, at) => (at % 2 === 0 ? Buffer.from(part) : Buffer.of(part.charCodeAt(0) - 0xdc00))),
  );
}

/** Whether every character can be encoded: no surrogate is unpaired. */
export function isWellFormed(text: string): boolean {
  return !/\p{Cs}/u.test(text);
}

/** Why text cannot be a name, to follow the word for it in a message; undefined if it can. */
export function textProblem(text: string): string | undefined {
  const [odd] = ODD.exec(text) ?? [];
  if (odd === undefined) return undefined;
  if (odd === '\0') return 'has a NUL';
  return odd >= '\udc80' && odd <= '\udcff' ? 'is not UTF-8' : 'has an unpaired surrogate';
}

/** The rejection of a sensor's name that is not text or that no reader of rows would accept; undefined if there is none. */
export function badName(field: string, text: string): Rejection | undefined {
  const isLong = text.length > LONGEST_NAME / 3 && Buffer.byteLength(text) > LONGEST_NAME;
  if (isLong)
    return { kind: 'too long', detail: `${field} is longer than ${LONGEST_NAME} bytes: ${quote(text)}` };
  if (text.includes('\n') && text.split('\n').length >= MAX_RECORD_LINES)
    return { kind: 'too long', detail: `${field} has ${MAX_RECORD_LINES} lines or more: ${quote(text)}` };
  return badText(field, text);
}

/** The rejection of a field whose text cannot be a name; undefined if it can. */
export function badText(field: string, text: string): Rejection | undefined {
  const problem = textProblem(text);
  return problem === undefined
    ? undefined
    : { kind: 'not text', detail: `${field} ${problem}: ${quote(text)}` };
}
