/**
 * Paths to members in JSON: `meta.domain` is the member `domain` of the member `meta`, `tags.0` the first element of the
 * array `tags`. In a name, a dot is written `\.` and a backslash `\\`.
 */

import { losslessJson } from '../load.ts';
import { quote } from './line.ts';

/** The names from the outermost to the innermost; at least one. */
export type MemberPath = readonly string[];

const PATH = /^(?:[^.\\]|\\[.\\])+(?:\.(?:[^.\\]|\\[.\\])+)*$/s;
const NAME = /(?:[^.\\]|\\[.\\])+/gs;

/** @throws Error with a message for the user */
export function parseMemberPath(text: string): MemberPath {
  if (!PATH.test(text)) throw new Error(`not the name of a member: ${quote(text)}`);
  return (text.match(NAME) ?? []).map((name) => name.replace(/\\(.)/g, '$1'));
}

/** The value at a path in a parsed document, whose numbers may be lossless-json's; undefined if there is none. */
export function memberAt(document: unknown, path: readonly string[]): unknown {
  let value = document;
  for (const name of path) value = memberOf(value, name);
  return value;
}

function memberOf(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return /^(?:0|[1-9]\d*)$/.test(name) ? value[Number(name)] : undefined;
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Whether it is a parsed object; lossless-json's numbers are objects too, but not plain ones. */
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A value as the text of a field: a number with its digits, nested values as JSON; undefined for null and undefined. */
export function memberText(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  return isObject(value) || Array.isArray(value) ? losslessJson().stringify(value) : String(value);
}
