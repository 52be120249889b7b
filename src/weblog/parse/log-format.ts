/** How the lines of a log are written, in the words of Apache's LogFormat: `%h %l %u %t "%r" %>s %b`. */

import { type Column, standardColumns } from './log-columns.ts';
import { findWord, type Kind, type Word } from './log-directives.ts';

export interface Field {
  readonly kind: Kind;
  /** Where its value stands in a record; the method's place for a request, before the path's and the protocol's. */
  readonly slot: number;
  /** Its column, for messages. */
  readonly name: string;
  /** Ends at a quote, but not at one that is escaped. */
  readonly quoted: boolean;
  /** Where it ends otherwise: at what follows it, or at the end of the line when that is empty. */
  readonly end: string;
  /** What follows it, up to the next field. */
  readonly after: string;
}

export interface LogFormat {
  /** What stands before the first field. */
  readonly start: string;
  readonly fields: readonly Field[];
}

export interface Formats {
  /** In the order in which they are tried. */
  readonly formats: readonly LogFormat[];
  /** Whether a line that begins with a brace is an object of JSON. */
  readonly json: boolean;
  /** Those of all records. */
  readonly columns: readonly Column[];
  /** Those of them that are written, besides those of every log, unless others are asked for. */
  readonly further: readonly Column[];
}

const COMMON = '%h %l %u %t "%r" %>s %b';
const VISITOR = '"%{Referer}i" "%{User-Agent}i"';

/** nginx writes `combined`, as it comes. */
const named = {
  combined: `${COMMON} ${VISITOR}`,
  common: COMMON,
  seed: `%h %l %u %t "%r" [%>s] %b ${VISITOR}`,
  vhost: `%v:%p ${COMMON} ${VISITOR}`,
};

export const formatNames = ['auto', 'seed', 'common', 'combined', 'vhost', 'json'] as const;
export type FormatName = (typeof formatNames)[number];

/** A name of `auto` means all of them. */
export function namedFormats(name: FormatName): Formats {
  const columns = [...standardColumns];
  const texts = name === 'auto' ? Object.values(named) : name === 'json' ? [] : [named[name]];
  const formats = texts.map((text) => compile(text, columns));
  return { formats, json: name === 'auto' || name === 'json', columns, further: [] };
}

/** @throws Error with a message for the user */
export function patternFormats(pattern: string): Formats {
  const columns = [...standardColumns];
  const format = compile(pattern, columns);
  return { formats: [format], json: false, columns, further: columns.slice(standardColumns.length) };
}

/** A word of a pattern, and the text before it. */
interface Piece {
  readonly before: string;
  readonly text: string;
  readonly argument: string | undefined;
  readonly letter: string;
  /** Where it stands in the pattern, from 1. */
  readonly place: number;
}

/** One word, a character that is escaped as in a configuration file, or any other character. */
const TOKEN = /%(?:[<>]|!?\d{3}(?:,\d{3})*)*(?:\{([^}]*)\})?(\^?[a-zA-Z%])|\\(["\\t])|([\s\S])/g;

/** Adds the columns that there are not yet. */
function compile(pattern: string, columns: Column[]): LogFormat {
  const { pieces, end } = split(pattern);
  const [first] = pieces;
  if (first === undefined) throw new Error(`no word of LogFormat in it: ${JSON.stringify(pattern)}`);
  const taken = new Set<string>();
  const fields = pieces.map((piece, at) => {
    const after = pieces[at + 1]?.before ?? end;
    const next = pieces[at + 1];
    if (next !== undefined && after === '') fail(next, 'nothing separates it from the word before');
    const { kind, column } = wordOf(piece);
    const slot = place(column, kind, piece, { columns, taken });
    const name = kind === 'request' ? 'request' : column.name;
    // A user may have blanks, and so ends only where the time begins.
    const stop = next?.letter === 't' ? `${after}[` : after;
    return { kind, slot, name, quoted: after.startsWith('"'), end: stop, after };
  });
  return { start: first.before, fields };
}

function split(pattern: string): { pieces: Piece[]; end: string } {
  const pieces: Piece[] = [];
  let literal = '';
  for (const match of pattern.matchAll(TOKEN)) {
    const [text, argument, letter, escaped, plain] = match;
    const place = match.index + 1;
    if (letter !== undefined && letter !== '%') {
      pieces.push({ before: toBytes(literal), text, argument, letter, place });
      literal = '';
    } else if (plain === '%') fail({ text, place }, 'not a word of LogFormat');
    else literal += letter ?? (escaped === 't' ? '\t' : (escaped ?? plain));
  }
  return { pieces, end: toBytes(literal) };
}

/** One per character, as lines are. */
function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function wordOf(piece: Piece): Word {
  if (piece.letter === 't' && piece.argument !== undefined) fail(piece, 'only %t is read as a time');
  return findWord(piece.argument, piece.letter) ?? fail(piece, 'not a word of LogFormat');
}

/** The place of a column's values in a record. A second column of the same name gets a number. */
function place(
  column: Column,
  kind: Kind,
  piece: Piece,
  { columns, taken }: { columns: Column[]; taken: Set<string> },
) {
  const names = kind === 'request' ? ['method', 'path', 'protocol'] : [column.name];
  if ((kind === 'request' || kind === 'time') && names.some((name) => taken.has(name)))
    fail(piece, `the ${kind} is there already`);
  let name = column.name;
  for (let count = 2; taken.has(name); count++) name = `${column.name}_${count}`;
  for (const one of [name, ...names]) taken.add(one);
  const known = columns.findIndex((other) => other.name === name);
  return known < 0 ? columns.push({ ...column, name }) - 1 : known;
}

function fail({ text, place }: { text: string; place: number }, problem: string): never {
  throw new Error(`${problem}: ${JSON.stringify(text)} at character ${place}`);
}
