/** Extracts a number from text: in JSON by its pointer, the whole text, or before °C, °F or K. Keeps digits as sent. */

import { isLosslessNumber, parse } from 'lossless-json';
import { type Address, malformed } from '../addresses/parse.ts';
import { errorText, Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { type MemberPath, memberAt } from '../lines/member-path.ts';
import { parsePointer } from './json-pointer.ts';
import { type WrittenNumber, writtenNumber } from './written-number.ts';

/** The pointer in the fragment of an address; undefined without one. @throws Failure (usage) with `expected` */
export function pointerOf(address: Address, expected: string): string[] | undefined {
  const { hash } = new URL(address.text);
  if (hash === '') return undefined;
  const pointer = parsePointer(decodePart(hash.slice(1), address, expected));
  if (pointer === undefined) throw malformed(address, expected);
  return pointer;
}

/** Decodes a part of an address. @throws Failure (usage) with `expected` */
export function decodePart(text: string, address: Address, expected: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed(address, expected);
  }
}

interface Place {
  /** Undefined when the number is not in JSON. */
  readonly pointer: readonly string[] | undefined;
  /** What the text is: `body` or `message`. */
  readonly what: string;
  /** The address for messages. */
  readonly shown: string;
}

/** Accepts a number in a JSON string. @throws Failure (unavailable) when there is none */
export function numberIn(text: string, { pointer, what, shown }: Place): WrittenNumber {
  if (pointer !== undefined) return numberAt(parseJson(text, shown), pointer, shown);
  const number = writtenNumber(text.trim());
  if (number !== undefined) return number;
  throw new Failure(status.unavailable, `${shown}: the ${what} is not a number: ${quote(text.trim())}`);
}

/**
 * The number in each of these members of a JSON document, or the reason why there is none.
 *
 * @param pointer to the value with the members @throws Failure (unavailable) when the text is not JSON
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

/** @param place for messages @throws Failure (unavailable) */
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
