/** The texts in a log as their writers meant them: Apache and nginx escape quotes, backslashes and what is not printable. */

const ESCAPE = /\\(?:x([0-9A-Fa-f]{2})|([btnvfr"\\]))/g;
const controls: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
};

/**
 * Text from bytes, one per character, with `\"`, `\\`, `\x22` and the like decoded. What is no UTF-8 then, and a NUL,
 * which many databases do not take, becomes U+FFFD. A backslash before anything else stays as it is.
 */
export function unescapeText(bytes: string): string {
  if (!/[\\\0\x80-\xff]/.test(bytes)) return bytes;
  return decodeUtf8(bytes.replace(ESCAPE, decodeOne));
}

function decodeOne(_: string, hex: string | undefined, letter = ''): string {
  return hex === undefined ? (controls[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16));
}

/** Text from bytes, one per character. */
export function decodeUtf8(bytes: string): string {
  return withoutNul(decodeBytes(bytes));
}

/** The same, with its NULs. */
export function decodeBytes(bytes: string): string {
  return /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString() : bytes;
}

export function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
