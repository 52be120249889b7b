/** JSON pointers (RFC 6901): `/main/temp` is the member `temp` of the member `main`, `/0` the first element of an array. */

import { isLosslessNumber } from 'lossless-json';

/** The names in a pointer, none for ''; undefined when the text is not a pointer. */
export function parsePointer(text: string): string[] | undefined {
  if (text === '') return [];
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a pointer in a document that lossless-json parsed; undefined when there is none. */
export function follow(document: unknown, names: readonly string[]): unknown {
  return names.reduce(step, document);
}

function step(value: unknown, name: string): unknown {
  // A lossless number is an object whose members are not the document's.
  if (typeof value !== 'object' || value === null || isLosslessNumber(value)) return undefined;
  if (Array.isArray(value)) return /^(?:0|[1-9]\d*)$/.test(name) ? value[Number(name)] : undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}
