/**
 * Makes values anonymous before anything is stored.
 *
 * `mask`: of an IPv4 address the last octet is zeroed, of an IPv6 address the last 80 bits; a name, of which nothing may
 * stay, becomes null. `hash`: the first 16 hexadecimal digits of HMAC-SHA-256, so that the same visitor has the same hash.
 * Memory: 65536 values that came of late, at most.
 */

import { formatAddress, maskAddress, parseAddress } from './ip-address.ts';
import type { Column } from './log-columns.ts';

/** From a value to one without a person in it; empty for null. */
export type Redact = (text: string) => string;

/** How the values of a column are redacted; undefined where they tell of nobody. */
export type Redaction = (column: Column) => Redact | undefined;

const MOST_KNOWN = 1 << 16;
const LONGEST_KNOWN = 256;
const DIGITS = 16;

export function masking(): Redaction {
  const address = remembered(eachOf(mask));
  return ({ personal }) => (personal === 'address' ? address : personal === 'name' ? () => '' : undefined);
}

export async function hashing(key: Buffer): Promise<Redaction> {
  const { createHmac } = await import('node:crypto');
  const hash = (text: string) => createHmac('sha256', key).update(text).digest('hex').slice(0, DIGITS);
  const hashAddress = (text: string) => {
    const address = parseAddress(text);
    return hash(address === undefined ? text.toLowerCase() : formatAddress(address));
  };
  const address = remembered(eachOf(hashAddress));
  const name = remembered(hash);
  return ({ personal }) => (personal === 'address' ? address : personal === 'name' ? name : undefined);
}

function mask(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? '' : formatAddress(maskAddress(address));
}

/** A proxy adds an address behind those that came to it. */
function eachOf(redact: Redact): Redact {
  return (text) =>
    text
      .split(',')
      .map((part) => redact(part.trim()))
      .filter((part) => part !== '')
      .join(', ');
}

function remembered(redact: Redact): Redact {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const result = redact(text);
    if (known.size >= MOST_KNOWN) known.clear();
    if (text.length <= LONGEST_KNOWN) known.set(text, result);
    return result;
  };
}
