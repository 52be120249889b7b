/** Reads a line of NDJSON. */

import { losslessJson } from '../load.ts';

/** The members of an object by name, numbers as text with all their digits; undefined when the text is not an object. */
export function parseMembers(text: string): Map<string, unknown> | undefined {
  try {
    const value: unknown = losslessJson().parse(text, null, { parseNumber: (digits) => digits });
    return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}
