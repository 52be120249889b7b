/** A number in a text that a sensor gives: in JSON by its pointer, or the whole text. Digits are kept as they were sent. */

import { isLosslessNumber, parse } from 'lossless-json';
import { type Address, malformed } from '../addresses/parse.ts';
import { errorText, Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { memberAt } from '../lines/member-path.ts';
import { type Decimal, parseDecimal } from '../stats/decimal.ts';
import { parsePointer } from './json-pointer.ts';

/** The pointer in the fragment of an address; undefined without one. @throws Failure (usage), which shows `expected` */
export function pointerOf(address: Address, expected: string): string[] | undefined {
  const { hash } = new URL(address.text);
  if (hash === '') return undefined;
  const pointer = parsePointer(decodePart(hash.slice(1), address, expected));
  if (pointer === undefined) throw malformed(address, expected);
  return pointer;
}

/** A part of an address without its escapes. @throws Failure (usage), which shows `expected` */
export function decodePart(text: string, address: Address, expected: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed(address, expected);
  }
}

interface Place {
  /** Undefined when the whole text is the number. */
  readonly pointer: readonly string[] | undefined;
  /** What the text is: `body` or `message`. */
  readonly what: string;
  /** The address for messages. */
  readonly shown: string;
}

/** A number in a JSON string is a number. @throws Failure (unavailable) when there is none */
export function numberIn(text: string, { pointer, what, shown }: Place): Decimal {
  return pointer === undefined ? plainNumber(text.trim(), what, shown) : numberAt(text, pointer, shown);
}

function plainNumber(text: string, what: string, shown: string): Decimal {
  const value = parseDecimal(text);
  if (value !== undefined) return value;
  throw new Failure(status.unavailable, `${shown}: the ${what} is not a number: ${quote(text)}`);
}

function numberAt(text: string, pointer: readonly string[], shown: string): Decimal {
  const found = memberAt(parseJson(text, shown), pointer);
  const digits = isLosslessNumber(found) ? found.value : found;
  const value = typeof digits === 'string' ? parseDecimal(digits) : undefined;
  if (value === undefined) throw new Failure(status.unavailable, `${shown}: ${describe(found)}`);
  return value;
}

function parseJson(text: string, shown: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new Failure(status.unavailable, `${shown}: invalid JSON: ${errorText(error)}`, { cause: error });
  }
}

function describe(found: unknown): string {
  if (found === undefined) return 'the pointer leads to nothing';
  if (typeof found === 'string') return `not a number: ${quote(found)}`;
  return `not a number: ${Array.isArray(found) ? 'an array' : found === null ? 'null' : typeof found}`;
}
