/** Parses lines of NDJSON, and inspects JSON for what JSON.parse loses. */

import { losslessJson } from '../load.ts';

const [QUOTE, MINUS, ZERO, NINE, COLON, BACKSLASH, LAST_BLANK] = [34, 45, 48, 57, 58, 92, 32];

/** Integers up to this many digits are written unchanged by JavaScript. */
const SAFE_DIGITS = 15;

/** A number with all its digits, as distinct from text. */
export class JsonNumber {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }

  /** For objects and arrays that are shown as text. */
  toJSON(): string {
    return this.digits;
  }
}

/** The members of an object by name, numbers as JsonNumber; undefined for any other text, and for a duplicate member. */
export function parseMembers(text: string): Map<string, unknown> | undefined {
  try {
    const parseNumber = (digits: string) => new JsonNumber(digits);
    const value: unknown = losslessJson().parse(text, null, { parseNumber });
    if (typeof value !== 'object' || value === null || hasMemberTwice(text, value)) return undefined;
    return new Map(Object.entries(value));
  } catch {
    return undefined;
  }
}

/** Whether an object in a JSON text has a duplicate member, of which parsers keep one. @param value the parsed text */
export function hasMemberTwice(text: string, value: unknown): boolean {
  return inspectJson(text, value).hasMemberTwice;
}

/** A parsed JSON text. */
export interface ParsedJson {
  /** Numbers that JavaScript would write differently are lossless-json's, which keep their digits. */
  readonly value: unknown;
  readonly hasMemberTwice: boolean;
}

/** Parses JSON so that numbers keep their digits; undefined for any other text. */
export function parseJson(text: string): ParsedJson | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const { hasMemberTwice, hasOddNumbers } = inspectJson(text, value);
    return { value: hasOddNumbers && !hasMemberTwice ? losslessJson().parse(text) : value, hasMemberTwice };
  } catch {
    return undefined;
  }
}

/** What JSON.parse does not tell about a valid text. */
export interface JsonText {
  readonly hasMemberTwice: boolean;
  /** Whether JavaScript would write one of its numbers differently, such as 1.50 or 1e5. */
  readonly hasOddNumbers: boolean;
}

/** Inspects names and numbers. @param value the parsed text */
export function inspectJson(text: string, value: unknown): JsonText {
  let names = 0;
  let hasOddNumbers = false;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at + 1);
      while (text.charCodeAt(at) <= LAST_BLANK) at++;
      if (text.charCodeAt(at) === COLON) names++;
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfNumber(text, at);
      hasOddNumbers ||= isOddNumber(text.slice(at, end));
      at = end;
    } else at++;
  }
  return { hasMemberTwice: names !== countMembers(value), hasOddNumbers };
}

/** Offset after the quote that ends a string. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end + 1;
}

function isEscaped(text: string, quote: number): boolean {
  let at = quote;
  while (text.charCodeAt(at - 1) === BACKSLASH) at--;
  return (quote - at) % 2 === 1;
}

/** Offset after a number. */
function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  while (/[\d.eE+-]/.test(text.charAt(at))) at++;
  return at;
}

function isOddNumber(number: string): boolean {
  if (number.length <= SAFE_DIGITS && /^[1-9]\d*$/.test(number)) return false;
  return String(Number(number)) !== number;
}

/** Iterative: nesting may be as deep as a line is long. */
function countMembers(value: unknown): number {
  let count = 0;
  const parts = [value];
  for (const part of parts) {
    if (typeof part !== 'object' || part === null || part instanceof JsonNumber) continue;
    const members: unknown[] = Array.isArray(part) ? part : Object.values(part);
    if (members !== part) count += members.length;
    for (const member of members) if (typeof member === 'object' && member !== null) parts.push(member);
  }
  return count;
}
