/**
 * Anonymises personal data before it is stored.
 *
 * `mask` zeroes the last octet of an IPv4 address and the last 80 bits of an IPv6 address; names become null. `hash`
 * writes the first 16 hexadecimal digits of the HMAC-SHA-256, so that a visitor always has the same hash. Memory: at
 * most 65,536 recent values.
 */

import { formatAddress, maskAddress, parseAddress } from './ip-address.ts';
import type { Column } from './log-columns.ts';

/** A function from a value to its anonymous form; empty for null. */
export type Redact = (text: string) => string;

/** The redaction of a column's values; undefined for columns without personal data. */
export type Redaction = (column: Column) => Redact | undefined;

const MAX_KNOWN = 1 << 16;
const LONGEST_KNOWN = 256;
const DIGITS = 16;

/** Masks addresses, and removes names. */
export function masking(): Redaction {
  const address = remembered(eachOf(mask));
  return ({ personal }) => (personal === 'address' ? address : personal === 'name' ? () => '' : undefined);
}

/** Replaces addresses and names by their HMAC. @param key any bytes, not empty */
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

/** Redacts each address of a list: every proxy appends one. */
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
    if (known.size >= MAX_KNOWN) known.clear();
    if (text.length <= LONGEST_KNOWN) known.set(text, result);
    return result;
  };
}
