/** Generates Python formatted like `black`: literals, and calls and lists on one line or with one line per part. */

/** An expression: its text, or bracketed parts that may be broken into lines. */
export type Expression = string | Bracketed;

export interface Bracketed {
  /** `Task(`, `[`, `{`. */
  readonly open: string;
  readonly parts: readonly Part[];
  /** The closing bracket. */
  readonly close: string;
  /** Whether each part gets its own line even if all would fit on one. */
  readonly isLong?: boolean;
  /** A chained call: `.expand(`. */
  readonly next?: Bracketed;
}

export interface Part {
  /** `name=`, `"key": `; '' for an element by itself. */
  readonly lead: string;
  readonly value: Expression;
  /** Comment lines above it, without `# `. */
  readonly remarks?: readonly string[];
}

/** `black`'s maximum line length. */
export const LINE_WIDTH = 88;
const INDENT = '    ';

/** Characters to escape in a literal: controls, lone surrogates, invisible characters. */
const ESCAPED = /[\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** @param lead the text before it on its line, with indent @param tail the text after it */
export function layOut(expression: Expression, lead: string, tail = ''): string {
  const onOneLine = lead + flat(expression) + tail;
  if (typeof expression === 'string') return onOneLine;
  if (!mustBreak(expression) && !onOneLine.includes('\n') && width(onOneLine) <= LINE_WIDTH) return onOneLine;
  if (expression.parts.length === 0) return onOneLine;
  const indent = (/^ */.exec(lead)?.[0] ?? '') + INDENT;
  const lines = expression.parts.flatMap(({ lead: name, value, remarks = [] }) => [
    ...remarks.map((remark) => `${indent}# ${remark}`),
    layOut(value, indent + name, ','),
  ]);
  const end = indent.slice(INDENT.length) + expression.close;
  const rest = expression.next === undefined ? end + tail : layOut(expression.next, end, tail);
  return [lead + expression.open, ...lines, rest].join('\n');
}

export function call(name: string, parts: readonly Part[], isLong = false): Bracketed {
  return { open: `${name}(`, parts, close: ')', isLong };
}

export function list(values: readonly Expression[]): Bracketed {
  return { open: '[', parts: values.map(element), close: ']' };
}

/** @param entries with unquoted keys */
export function dictionary(entries: readonly (readonly [string, Expression])[]): Bracketed {
  const parts = entries.map(([key, value]) => ({ lead: `${literal(key)}: `, value }));
  return { open: '{', parts, close: '}' };
}

export function element(value: Expression): Part {
  return { lead: '', value };
}

export function keyword(name: string, value: Expression): Part {
  return { lead: `${name}=`, value };
}

/** A one-line string literal, in the quotes that need fewer escapes. */
export function literal(text: string): string {
  const quote = count(text, '"') > count(text, "'") ? "'" : '"';
  const inside = escaped(text)
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll(quote, `\\${quote}`);
  return quote + inside + quote;
}

/** A multi-line string literal between `"""`. */
export function block(text: string): string {
  const inside = escaped(text)
    .replaceAll('"""', '\\"\\"\\"')
    .replace(/"$/, '\\"')
    // Trailing blanks would be invisible.
    .replace(/[ \t](?=\n|$)/g, (blank) => (blank === ' ' ? '\\x20' : '\\t'));
  return `"""${inside}"""`;
}

/** `timedelta(minutes=5)`: in the largest unit that gives a whole number. */
export function timeDelta(milliseconds: number): string {
  for (const [unit, size] of UNITS) {
    if (milliseconds % size === 0) return `timedelta(${unit}=${milliseconds / size})`;
  }
  return `timedelta(milliseconds=${milliseconds})`;
}

const UNITS = [
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
  ['seconds', 1000],
] as const;

function flat(expression: Expression): string {
  if (typeof expression === 'string') return expression;
  const { open, parts, close, next = '' } = expression;
  return open + parts.map(({ lead, value }) => lead + flat(value)).join(', ') + close + flat(next);
}

function mustBreak(expression: Expression): boolean {
  if (typeof expression === 'string') return false;
  const { isLong = false, parts, next = '' } = expression;
  return (
    isLong ||
    mustBreak(next) ||
    parts.some(({ value, remarks = [] }) => remarks.length > 0 || mustBreak(value))
  );
}

/** Width in terminal columns, as `black` counts: 2 for wide characters. */
function width(line: string): number {
  let columns = 0;
  for (const character of line) columns += isWide(character) ? 2 : /\p{Mn}/u.test(character) ? 0 : 1;
  return columns;
}

function isWide(character: string): boolean {
  return /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}|[\u{20000}-\u{3FFFD}]/u.test(
    character,
  );
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** A text for use in a string literal, with its quotes, newlines and tabs not yet escaped. */
export function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replace(ESCAPED, (character) => {
    if (character === '\n' || character === '\t') return character;
    if (character === '\r') return '\\r';
    const code = character.codePointAt(0) ?? 0;
    const digits = code.toString(16);
    if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
    return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
  });
}
