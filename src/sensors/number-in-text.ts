/**
 * A number in a text that a sensor gives: in JSON by its pointer, or the whole text, or the one before °C, °F or K. Digits are
 * kept as they were sent.
 */

import { isLosslessNumber, parse } from 'lossless-json';
import { type Address, malformed } from '../addresses/parse.ts';
import { errorText, Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { type MemberPath, memberAt } from '../lines/member-path.ts';
import { parsePointer } from './json-pointer.ts';
import { type WrittenNumber, writtenNumber } from './written-number.ts';

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
export function numberIn(text: string, { pointer, what, shown }: Place): WrittenNumber {
  if (pointer !== undefined) return numberAt(parseJson(text, shown), pointer, shown);
  const number = writtenNumber(text.trim());
  if (number !== undefined) return number;
  throw new Failure(status.unavailable, `${shown}: the ${what} is not a number: ${quote(text.trim())}`);
}

/**
 * The number in each of these members of a JSON document, or why there is none.
 *
 * @param pointer to what has the members @throws Failure (unavailable) when the text is not JSON
 */
export function numbersIn(
  text: string,
  members: readonly MemberPath[],
  { pointer = [], shown }: { readonly pointer?: readonly string[] | undefined; readonly shown: string },
): (WrittenNumber | Failure)[] {
  const document = parseJson(text, shown);
  return members.map((member) => {
    try {
      return numberAt(document, [...pointer, ...member], `${shown}: ${member.join('.')}`);
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
  });
}

/** @param place for the message @throws Failure (unavailable) */
function numberAt(document: unknown, pointer: readonly string[], place: string): WrittenNumber {
  const found = memberAt(document, pointer);
  const digits = isLosslessNumber(found) ? found.value : found;
  const number = typeof digits === 'string' ? writtenNumber(digits) : undefined;
  if (number === undefined) throw new Failure(status.unavailable, `${place}: ${describe(found)}`);
  return number;
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
