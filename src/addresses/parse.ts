/** An address: `SCHEME:REST`, or the bare path of a file. */

import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { showAddress } from './show.ts';

export interface Address {
  /** In lower case; empty for a bare path. */
  readonly scheme: string;
  /** Everything after the colon; the whole of a bare path. */
  readonly rest: string;
  /** As given. */
  readonly text: string;
  /** For messages, without secrets. */
  readonly shown: string;
}

/** Accepts any text. Empty text is a bare path, which no driver supports. */
export function parseAddress(text: string): Address {
  const [, scheme = '', rest = text] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(text) ?? [];
  return { scheme: scheme.toLowerCase(), rest, text, shown: showAddress(text) };
}

/** Whether an operand is an address rather than a file: nobody names a file `SCHEME://...`. */
export function isAddress(operand: string): boolean {
  const { scheme, rest } = parseAddress(operand);
  return scheme !== '' && rest.startsWith('//');
}

/** Accepts bare paths, and all URLs, even with several hosts. @throws Failure (usage) */
export function checkUrl({ scheme, text, shown }: Address): void {
  const ofOneHost = text.replace(/^([^/?#,]*\/\/[^/?#,]*),[^/?#]*/, '$1');
  if (scheme !== '' && !URL.canParse(ofOneHost))
    throw new Failure(status.usage, `not an address: ${quote(shown)}`);
}

/** A usage failure with the expected form. @param expected such as `file:PATH` */
export function malformed({ shown }: Address, expected: string): Failure {
  return new Failure(status.usage, `${shown}: malformed address (write ${expected})`);
}
