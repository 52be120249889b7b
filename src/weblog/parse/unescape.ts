/** Decodes text in logs: Apache and nginx escape quotes, backslashes and unprintable bytes. */

/** nginx's escape=json writes control characters as `\u001f`. */
const ESCAPE = /\\(?:(?:x|u00(?=[01]))([0-9A-Fa-f]{2})|([btnvfr"\\]))/g;
const controls: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
};

/**
 * Decodes UTF-8 bytes, given as Latin-1, with escapes such as `\"`, `\\` and `\x22`. Invalid bytes become U+FFFD, and
 * so does NUL, which many databases reject. A backslash before any other character stays.
 */
export function unescapeText(bytes: string): string {
  if (!/[\\\0\x80-\xff]/.test(bytes)) return bytes;
  return decodeUtf8(bytes.replace(ESCAPE, decodeOne));
}

function decodeOne(_: string, hex: string | undefined, letter = ''): string {
  return hex === undefined ? (controls[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16));
}

/** Decodes UTF-8 bytes, given as Latin-1, with U+FFFD for NULs and invalid bytes. */
export function decodeUtf8(bytes: string): string {
  return wellFormed(decodeBytes(bytes));
}

/** Decodes UTF-8 bytes, given as Latin-1, with U+FFFD for invalid bytes. */
export function decodeBytes(bytes: string): string {
  return /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString() : bytes;
}

/** Replaces NULs and unpaired surrogates with U+FFFD. */
export function wellFormed(text: string): string {
  return text.replace(/[\0\p{Cs}]/gu, '\ufffd');
}

/** Encodes text as UTF-8, one character per byte. */
export function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}
