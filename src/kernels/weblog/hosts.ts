// Host names and addresses.

import { BLANK, DOMAIN_BYTE, HOST_BYTES, POINT, ZERO } from './layout';
import { isDigit } from './byte-runs';

const COLON: u32 = 58;
const SMALL: u32 = 32;
const LETTER_A: u32 = 97;
const MAX_OCTET: u32 = 255;

/** The end of the host at `start`. */
export function hostEnd(start: u32, ending: u32): u32 {
  let at = start;
  while (load<u8>(at) != ending && load<u8>(HOST_BYTES + load<u8>(at)) != 0) at++;
  return at;
}

/** The end of a list of a single host; 0 if there are more. */
export function listEnd(start: u32, ending: u32): u32 {
  const end = hostEnd(start, ending);
  return load<u8>(start) == COLON || (load<u8>(end) == BLANK && load<u8>(end + 1) == COLON) ? 0 : end;
}

/** The end of a domain name that ends in a letter; 0 if there is none. */
export function domainEnd(start: u32): u32 {
  let at = start;
  while ((load<u8>(HOST_BYTES + load<u8>(at)) & DOMAIN_BYTE) != 0) at++;
  return at > start && (u32(load<u8>(at - 1)) | SMALL) - LETTER_A < 26 ? at : 0;
}

/** The end of an IPv4 address; 0 if there is none. */
export function addressEnd(start: u32): u32 {
  let at = start;
  for (let octet = 0; octet < 4; octet++) {
    if (octet > 0 && load<u8>(at++) != POINT) return 0;
    const first = at;
    let value: u32 = 0;
    while (isDigit(at) && value <= MAX_OCTET) value = value * 10 + u32(load<u8>(at++)) - ZERO;
    if (at == first || value > MAX_OCTET || (at > first + 1 && load<u8>(first) == ZERO)) return 0;
  }
  return at;
}
