/** RFC 6901: `/main/temp` is the member `temp` of the member `main`, `/0` the first element of an array. */

import { isLosslessNumber } from 'lossless-json';

/** The names on the way; undefined when the text is not a pointer. */
export function parsePointer(text: string): string[] | undefined {
  if (text === '') return [];
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return undefined;
  return text
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What a pointer leads to in a document that lossless-json parsed; undefined where it leads nowhere. */
export function follow(document: unknown, names: readonly string[]): unknown {
  return names.reduce(step, document);
}

function step(place: unknown, name: string): unknown {
  // A lossless number is an object whose members are not the document's.
  if (typeof place !== 'object' || place === null || isLosslessNumber(place)) return undefined;
  if (Array.isArray(place)) return /^(?:0|[1-9]\d*)$/.test(name) ? place[Number(name)] : undefined;
  return Object.getOwnPropertyDescriptor(place, name)?.value;
}
