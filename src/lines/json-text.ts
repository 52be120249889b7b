/** What JSON.parse does not tell about a text that it takes: repeated names, and numbers with other digits. */

const [QUOTE, MINUS, ZERO, NINE, COLON, BACKSLASH, LAST_BLANK] = [34, 45, 48, 57, 58, 92, 32];

/** Digits of a whole number that JavaScript writes as they are. */
const SAFE_DIGITS = 15;

export interface JsonText {
  /** Whether an object names a member twice: of two values no reader could say which one counts. */
  readonly repeatsNames: boolean;
  /** Whether JavaScript would write one of its numbers in another way, such as 1.50 or 1e5. */
  readonly hasOddNumbers: boolean;
}

/** @param value what JSON.parse made of the text @throws RangeError for endless nesting */
export function inspectJson(text: string, value: unknown): JsonText {
  let names = 0;
  let hasOddNumbers = false;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at + 1);
      while (text.charCodeAt(at) <= LAST_BLANK) at++;
      if (text.charCodeAt(at) === COLON) names++;
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfNumber(text, at);
      hasOddNumbers ||= isOddNumber(text.slice(at, end));
      at = end;
    } else at++;
  }
  return { repeatsNames: names > countMembers(value), hasOddNumbers };
}

/** Offset behind the quote that ends a string. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end + 1;
}

function isEscaped(text: string, quote: number): boolean {
  let at = quote;
  while (text.charCodeAt(at - 1) === BACKSLASH) at--;
  return (quote - at) % 2 === 1;
}

/** Offset of the comma, brace, bracket or blank behind a number. */
function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  while (/[\d.eE+-]/.test(text.charAt(at))) at++;
  return at;
}

function isOddNumber(number: string): boolean {
  if (number.length <= SAFE_DIGITS && /^[1-9]\d*$/.test(number)) return false;
  return String(Number(number)) !== number;
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) count += countMembers(member);
  return count;
}
