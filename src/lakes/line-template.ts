/**
 * Templates of JSON lines with the same members in the same order. A line that matches the template of a parsed line is
 * valid, and its values are found without parsing.
 *
 * JSON.parse for every line costs lake-put --csv 2.2 times the CPU time (a million events of 170 bytes).
 */

const [QUOTE, MINUS, ZERO, NINE, COLON, LAST_BLANK] = [34, 45, 48, 57, 58, 32];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE, COMMA] = [91, 93, 123, 125, 44];
/** Matches lines with an escape, a control character, or invalid UTF-8: these are parsed. */
const UNUSUAL = /[\\\p{Cc}\p{Cs}]/u;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS = ['true', 'false', 'null'];

/** The position of a value in a line. */
export interface FoundValue {
  start: number;
  end: number;
  isText: boolean;
}

/** The template of a line. */
export class LineTemplate {
  /** The text before each value, and after the last. */
  readonly #between: readonly string[];
  /** For each value in the line, its index in `values`, or -1. */
  readonly #wanted: Int32Array;
  /** The wanted values in the last matching line; undefined for members that the template does not have. */
  readonly values: readonly (FoundValue | undefined)[];

  /** Use `templateOf`. */
  constructor(between: readonly string[], wanted: Int32Array, count: number) {
    this.#between = between;
    this.#wanted = wanted;
    this.values = Array.from({ length: count }, (_, at) =>
      wanted.includes(at) ? { start: 0, end: 0, isText: false } : undefined,
    );
  }

  /** Whether a line matches; if so, sets `values`. */
  matches(line: string): boolean {
    if (UNUSUAL.test(line)) return false;
    const count = this.#wanted.length;
    let at = 0;
    for (let value = 0; value < count; value++) {
      const before = this.#between[value] ?? '';
      if (!line.startsWith(before, at)) return false;
      at += before.length;
      const isText = line.charCodeAt(at) === QUOTE;
      const end = isText ? line.indexOf('"', at + 1) : endOfBare(line, at);
      if (end < 0) return false;
      const found = this.values[this.#wanted[value] ?? -1];
      if (found !== undefined) {
        found.start = isText ? at + 1 : at;
        found.end = end;
        found.isText = isText;
      }
      at = isText ? end + 1 : end;
    }
    const last = this.#between[count] ?? '';
    return line.length === at + last.length && line.endsWith(last);
  }
}

/** Offset after a number, true, false or null; -1 when there is none here. */
function endOfBare(line: string, start: number): number {
  let at = start;
  while (isDigit(line.charCodeAt(at))) at++;
  if (at > start && isPlainEnd(line.charCodeAt(at)) && (at === start + 1 || line.charCodeAt(start) !== ZERO))
    return at;
  const first = line.charCodeAt(start);
  if (first === MINUS || isDigit(first)) {
    NUMBER.lastIndex = start;
    return NUMBER.test(line) ? NUMBER.lastIndex : -1;
  }
  const word = WORDS.find((each) => line.startsWith(each, start));
  return word === undefined ? -1 : start + word.length;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** Whether this character ends an integer. */
function isPlainEnd(code: number): boolean {
  return code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET;
}

/** The name of a member, or the index of an array element. */
type Step = string | number;

/**
 * The template of a line, which must be valid JSON without duplicate members.
 *
 * @param wanted paths of values
 * @returns undefined when a wanted value is an object or array, or the line is unsuitable
 */
export function templateOf(line: string, wanted: readonly (readonly string[])[]): LineTemplate | undefined {
  if (UNUSUAL.test(line)) return undefined;
  const between: string[] = [];
  const indexes: number[] = [];
  const ids = wanted.map((path) => path.join('\0'));
  const steps: Step[] = [];
  const indexOfPath = () => ids.indexOf(steps.join('\0'));
  let last = 0;
  for (let at = 0; at < line.length; ) {
    const code = line.charCodeAt(at);
    if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (indexOfPath() >= 0) return undefined;
      steps.push(code === OPEN_BRACE ? '' : 0);
      at++;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      steps.pop();
      at++;
    } else if (code === COMMA) {
      const step = steps.at(-1);
      if (typeof step === 'number') steps[steps.length - 1] = step + 1;
      at++;
    } else if (code <= LAST_BLANK || code === COLON) at++;
    else {
      const end = endOfScalar(line, at);
      if (code === QUOTE && isName(line, end)) steps[steps.length - 1] = JSON.parse(line.slice(at, end));
      else {
        between.push(line.slice(last, at));
        indexes.push(indexOfPath());
        last = end;
      }
      at = end;
    }
  }
  if (steps.length > 0 || between.length === 0) return undefined;
  return new LineTemplate([...between, line.slice(last)], Int32Array.from(indexes), wanted.length);
}

/** Offset after a string or another scalar. */
function endOfScalar(line: string, start: number): number {
  let at = start + 1;
  if (line.charCodeAt(start) !== QUOTE) {
    while (/[^\s,\]}]/.test(line.charAt(at))) at++;
    return at;
  }
  return line.indexOf('"', at) + 1;
}

/** Whether the string that ends here is a member name. */
function isName(line: string, end: number): boolean {
  let at = end;
  while (line.charCodeAt(at) <= LAST_BLANK) at++;
  return line.charCodeAt(at) === COLON;
}
