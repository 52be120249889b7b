/** A sensor's address, `SCHEME:REST`, and how to show one without its secrets. */

import { Failure, status } from '../failure.ts';

export interface Address {
  /** In lower case. */
  readonly scheme: string;
  /** All after the colon. */
  readonly rest: string;
  /** As it was given. */
  readonly text: string;
  /** For messages: one line, the password as `***`. */
  readonly shown: string;
}

const LONGEST_SHOWN = 120;

/** @throws Failure (usage) */
export function parseAddress(text: string): Address {
  const shown = showAddress(text);
  const match = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(text);
  if (match === null) throw new Failure(status.usage, `${shown}: not a sensor's address (write SCHEME:...)`);
  const [, scheme = '', rest = ''] = match;
  return { scheme: scheme.toLowerCase(), rest, text, shown };
}

/** The address for a message: one line, cut short, the password as `***`. */
export function showAddress(text: string): string {
  const oneLine = hidePassword(text).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
  return oneLine.length > LONGEST_SHOWN ? `${oneLine.slice(0, LONGEST_SHOWN)}...` : oneLine;
}

function hidePassword(text: string): string {
  // Where it ends cannot be known when the address is malformed, by an unescaped slash in it for example.
  if (!URL.canParse(text)) return text.replace(/\/\/.*@/s, '//***@');
  return text.replace(/(\/\/[^\s/?#@:]*):[^\s/?#]*@/g, '$1:***@');
}

/** A failure that names the address; `usage` says how it must be written. */
export function malformed({ shown }: Address, expected: string): Failure {
  return new Failure(status.usage, `${shown}: malformed address (write ${expected})`);
}
