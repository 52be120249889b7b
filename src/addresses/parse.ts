/** An address: `SCHEME:REST`, or the bare path of a file. */

import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { showAddress } from './show.ts';

export interface Address {
  /** In lower case; empty for a bare path. */
  readonly scheme: string;
  /** All after the colon; all of a bare path. */
  readonly rest: string;
  /** As it was given. */
  readonly text: string;
  /** For messages, without secrets. */
  readonly shown: string;
}

/** Takes any text. Empty text is a bare path, which no driver takes. */
export function parseAddress(text: string): Address {
  const [, scheme = '', rest = text] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(text) ?? [];
  return { scheme: scheme.toLowerCase(), rest, text, shown: showAddress(text) };
}

/** Whether an operand that may be a file is an address: no file is named `SCHEME://...` in good faith. */
export function isAddress(operand: string): boolean {
  const { scheme, rest } = parseAddress(operand);
  return scheme !== '' && rest.startsWith('//');
}

/** Lets a bare path pass, and whatever is a URL, also one of several hosts. @throws Failure (usage) */
export function checkUrl({ scheme, text, shown }: Address): void {
  const ofOneHost = text.replace(/^([^/?#,]*\/\/[^/?#,]*),[^/?#]*/, '$1');
  if (scheme !== '' && !URL.canParse(ofOneHost))
    throw new Failure(status.usage, `not an address: ${quote(shown)}`);
}

/** A usage failure that names the address. @param expected how it must be written, such as `file:PATH` */
export function malformed({ shown }: Address, expected: string): Failure {
  return new Failure(status.usage, `${shown}: malformed address (write ${expected})`);
}
