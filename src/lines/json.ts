/** Reads a line of NDJSON. */

import { losslessJson } from '../load.ts';

/** The members of an object by name, numbers as text with all their digits; undefined for other text and a member twice. */
export function parseMembers(text: string): Map<string, unknown> | undefined {
  try {
    const value: unknown = losslessJson().parse(text, null, { parseNumber: (digits) => digits });
    if (typeof value !== 'object' || value === null || hasMemberTwice(text, value)) return undefined;
    return new Map(Object.entries(value));
  } catch {
    return undefined;
  }
}

/** Matches a string, and the colon that makes it a member's name. */
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"[ \t\r\n]*(:)?/g;

/** Whether an object in a JSON text has a member twice: parsers keep one of them. @param value what a parser made of the text */
export function hasMemberTwice(text: string, value: unknown): boolean {
  let written = 0;
  for (const [, colon] of text.matchAll(STRING)) if (colon !== undefined) written += 1;
  return written !== countMembers(value);
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const parts: unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : parts.length;
  return parts.reduce<number>((count, part) => count + countMembers(part), own);
}
