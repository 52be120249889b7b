/** Parses nginx's log_format: `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent`. */

import { failAt, type Pattern, type Piece } from './compile-format.ts';
import { findVariable } from './nginx-variables.ts';
import { toBytes } from './unescape.ts';

/** A variable, optionally in braces, or any other character. */
const TOKEN = /\$(?:\{(\w+)\}|(\w+))|([\s\S])/g;
/** The start of a directive in nginx.conf: its name, and its escaping. */
const DIRECTIVE = /^(?:log_format\s+\S+\s+)?(?:escape=(\w+)\s+)?/;
/** A character of a directive: an escaped one, a quote, or any other. */
const CHARACTER = /\\([\s\S])|(['"])|[\s\S]/g;
/** A path with its arguments, as nginx composes them. */
const WHOLE_PATH =
  /\$(?:\{(?:document_)?uri\}|(?:document_)?uri)\$(?:\{is_args\}|is_args)\$(?:\{(?:args|query_string)\}|(?:args|query_string))(?!\w)/g;

/**
 * The pieces of a log_format: its text, or the whole directive with name and strings. `escape=none` before either means
 * that backslashes are literal, as in the logs of many other servers.
 *
 * @throws Error with a message for the user
 */
export function readNginxPattern(pattern: string): Pattern {
  const [directive, escaping] = DIRECTIVE.exec(pattern.trimStart()) ?? [];
  const text = textOf(pattern, directive).replace(WHOLE_PATH, '$request_uri');
  const pieces: Piece[] = [];
  let literal = '';
  for (const match of text.matchAll(TOKEN)) {
    const [whole, braced, bare, plain] = match;
    const variable = braced ?? bare;
    const position = match.index + 1;
    if (variable !== undefined) {
      pieces.push(pieceOf(variable, { before: toBytes(literal), text: whole, position }, pieces));
      literal = '';
    } else if (plain === '$') failAt({ text: whole, position }, 'not a variable');
    else literal += plain;
  }
  if (pieces.length === 0)
    throw new Error(`no variable in the log_format: ${JSON.stringify(pattern)}${hint(pattern)}`);
  return withBrackets({ pieces, end: toBytes(literal), isRaw: escaping === 'none' });
}

function hint(pattern: string): string {
  return pattern.includes('%') ? " (Apache's LogFormat goes to --pattern)" : '';
}

/** The text of a format, with the strings of a directive joined. */
function textOf(pattern: string, directive = ''): string {
  const rest = pattern.trim().slice(directive.length);
  const strings = rest.replace(/;$/, '');
  if (!directive.startsWith('log_format') && !/^'[\s\S]*'$/.test(strings))
    return (directive === '' ? pattern : rest).replaceAll('\\t', '\t');
  let text = '';
  let quote = '';
  for (const [whole, escaped, mark = ''] of strings.matchAll(CHARACTER)) {
    if (escaped === 't') text += '\t';
    else if (escaped !== undefined) text += /['"\\]/.test(escaped) ? escaped : whole;
    else if (mark !== '' && (quote === '' || quote === mark)) quote = quote === '' ? mark : '';
    else if (quote !== '' || /\S/.test(whole)) text += whole;
  }
  return text;
}

/** The first of several times is the line's time. */
function pieceOf(
  name: string,
  place: Pick<Piece, 'before' | 'text' | 'position'>,
  before: readonly Piece[],
): Piece {
  const { kind, column } = findVariable(name);
  if (column.name !== 'time' || !before.some((piece) => piece.column.name === 'time'))
    return { ...place, kind, column };
  return { ...place, ...furtherTime(name) };
}

function furtherTime(name: string): Pick<Piece, 'kind' | 'column'> {
  if (name === 'msec') return { kind: 'decimal', column: { name, type: 'number' } };
  return { kind: 'text', column: { name, type: 'text' } };
}

/** Moves the brackets around a time into it, as in Apache's formats. */
function withBrackets({ pieces, end, isRaw }: Pattern): Pattern {
  const texts = [...pieces.map(({ before }) => before), end];
  const kinds = pieces.map(({ kind }, at) => {
    const isInBrackets = kind === 'bareTime' && texts[at]?.endsWith('[') && texts[at + 1]?.startsWith(']');
    if (!isInBrackets) return kind;
    texts[at] = texts[at]?.slice(0, -1) ?? '';
    texts[at + 1] = texts[at + 1]?.slice(1) ?? '';
    return 'time';
  });
  return {
    pieces: pieces.map((piece, at) => ({ ...piece, before: texts[at] ?? '', kind: kinds[at] ?? piece.kind })),
    end: texts.at(-1) ?? '',
    isRaw,
  };
}
