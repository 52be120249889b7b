/** A sensor's address, `SCHEME:REST`. */

import { showAddress } from '../addresses/show.ts';
import { Failure, status } from '../failure.ts';

export interface Address {
  /** In lower case. */
  readonly scheme: string;
  /** All after the colon. */
  readonly rest: string;
  /** As it was given. */
  readonly text: string;
  /** For messages, without secrets. */
  readonly shown: string;
}

/** @throws Failure (usage) */
export function parseAddress(text: string): Address {
  const shown = showAddress(text);
  const match = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(text);
  if (match === null) throw new Failure(status.usage, `${shown}: not a sensor's address (write SCHEME:...)`);
  const [, scheme = '', rest = ''] = match;
  return { scheme: scheme.toLowerCase(), rest, text, shown };
}

/** A failure that names the address; `usage` says how it must be written. */
export function malformed({ shown }: Address, expected: string): Failure {
  return new Failure(status.usage, `${shown}: malformed address (write ${expected})`);
}
