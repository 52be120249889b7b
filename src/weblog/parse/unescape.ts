/** Decodes the texts in a log: Apache and nginx escape quotes, backslashes and unprintable bytes. */

/** `\u001f` is how nginx's escape=json writes a control character. */
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
 * The text of bytes, one per character, with escapes such as `\"`, `\\` and `\x22` decoded. Bytes that are then not UTF-8
 * become U+FFFD, and so do NULs, which many databases reject. A backslash before any other character stays.
 */
export function unescapeText(bytes: string): string {
  if (!/[\\\0\x80-\xff]/.test(bytes)) return bytes;
  return decodeUtf8(bytes.replace(ESCAPE, decodeOne));
}

function decodeOne(_: string, hex: string | undefined, letter = ''): string {
  return hex === undefined ? (controls[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16));
}

/** The text of bytes, one per character, with U+FFFD for NULs and for bytes that are not UTF-8. */
export function decodeUtf8(bytes: string): string {
  return wellFormed(decodeBytes(bytes));
}

/** The text of bytes, one per character, with U+FFFD for bytes that are not UTF-8. */
export function decodeBytes(bytes: string): string {
  return /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString() : bytes;
}

/** The text with U+FFFD for its NULs and unpaired surrogates. */
export function wellFormed(text: string): string {
  return text.replace(/[\0\p{Cs}]/gu, '\ufffd');
}

/** The bytes of a text, one per character. */
export function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}
