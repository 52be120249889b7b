/** The formats of a log's lines, as patterns of Apache's LogFormat directives: `%h %l %u %t "%r" %>s %b`. */

import type { FieldKind } from './field-kinds.ts';
import { type Column, standardColumns } from './log-columns.ts';
import { type Directive, findDirective } from './log-directives.ts';

/** A field of a line, and how to find its end. */
export interface Field {
  readonly kind: FieldKind;
  /** The index of its value in those of a line; for a request, the method's, followed by the path and the protocol. */
  readonly slot: number;
  /** Its name in messages. */
  readonly name: string;
  /** Whether it ends at the next quote that is not escaped. */
  readonly quoted: boolean;
  /** The text at which it ends otherwise; empty for the end of the line. */
  readonly end: string;
  /** The text between it and the next field. */
  readonly after: string;
}

/** A format: its fields, at least one, in their order. */
export interface LogFormat {
  /** The text before the first field. */
  readonly start: string;
  readonly fields: readonly Field[];
}

/** The formats that a line may have, and the columns that they fill. */
export interface Formats {
  /** In the order in which they are tried; none for JSON only. */
  readonly formats: readonly LogFormat[];
  /** Whether a line that begins with a brace is a JSON object. */
  readonly json: boolean;
  /** The columns of the values of every line. */
  readonly columns: readonly Column[];
  /** The columns that are written by default, in addition to the standard ones. */
  readonly further: readonly Column[];
}

const COMMON = '%h %l %u %t "%r" %>s %b';
const VISITOR = '"%{Referer}i" "%{User-Agent}i"';

/** Formats by name; `combined` is also nginx's default. */
const named = {
  combined: `${COMMON} ${VISITOR}`,
  common: COMMON,
  seed: `%h %l %u %t "%r" [%>s] %b ${VISITOR}`,
  vhost: `%v:%p ${COMMON} ${VISITOR}`,
};

/** The values of `--format`. */
export const formatNames = ['auto', 'seed', 'common', 'combined', 'vhost', 'json'] as const;
/** One of formatNames. */
export type FormatName = (typeof formatNames)[number];

/** The formats of a name; all of them for `auto`. */
export function namedFormats(name: FormatName): Formats {
  const columns = [...standardColumns];
  const texts = name === 'auto' ? Object.values(named) : name === 'json' ? [] : [named[name]];
  const formats = texts.map((text) => compile(text, columns));
  return { formats, json: name === 'auto' || name === 'json', columns, further: [] };
}

/** The format of a pattern. @throws Error with a message for the user */
export function patternFormats(pattern: string): Formats {
  const columns = [...standardColumns];
  const format = compile(pattern, columns);
  return { formats: [format], json: false, columns, further: columns.slice(standardColumns.length) };
}

/** A directive of a pattern, and the text before it. */
interface Piece {
  readonly before: string;
  readonly text: string;
  readonly argument: string | undefined;
  readonly letter: string;
  /** Its position in the pattern, from 1. */
  readonly position: number;
}

/** A directive, a character that is escaped as in a configuration file, or any other character. */
const TOKEN = /%(?:[<>]|!?\d{3}(?:,\d{3})*)*(?:\{([^}]*)\})?(\^?[a-zA-Z%])|\\(["\\t])|([\s\S])/g;

/** The format of a pattern; new columns are added to `columns`. */
function compile(pattern: string, columns: Column[]): LogFormat {
  const { pieces, end } = split(pattern);
  const [first] = pieces;
  if (first === undefined)
    throw new Error(`no LogFormat directive in the pattern: ${JSON.stringify(pattern)}`);
  const names = new ColumnNames(columns);
  const fields = pieces.map((piece, at) => {
    const after = pieces[at + 1]?.before ?? end;
    const next = pieces[at + 1];
    if (next !== undefined && after === '') fail(next, 'nothing separates it from the directive before');
    const { kind, column } = directiveOf(piece);
    const slot = slotOf(column, kind, piece, names);
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
    const position = match.index + 1;
    if (letter !== undefined && letter !== '%') {
      pieces.push({ before: toBytes(literal), text, argument, letter, position });
      literal = '';
    } else if (plain === '%') fail({ text, position }, 'not a LogFormat directive');
    else literal += letter ?? (escaped === 't' ? '\t' : (escaped ?? plain));
  }
  return { pieces, end: toBytes(literal) };
}

/** UTF-8 bytes, one per character, as lines are read. */
function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function directiveOf(piece: Piece): Directive {
  if (piece.letter === 't' && piece.argument !== undefined) fail(piece, 'only %t is read as a time');
  return findDirective(piece.argument, piece.letter) ?? fail(piece, 'not a LogFormat directive');
}

/** The index of a column's value in those of a line. A second column of the same name gets a number. */
function slotOf(column: Column, kind: FieldKind, piece: Piece, known: ColumnNames): number {
  const names = kind === 'request' ? ['method', 'path', 'protocol'] : [column.name];
  if ((kind === 'request' || kind === 'time') && names.some((name) => known.isTaken(name)))
    fail(piece, `there is already a ${kind}`);
  const slot = known.take(column);
  for (const name of names) known.note(name);
  return slot;
}

/** The columns by name, and which of them a pattern fills. */
class ColumnNames {
  readonly #columns: Column[];
  readonly #slots: Map<string, number>;
  readonly #taken = new Set<string>();
  /** The last number of a column of the same name. */
  readonly #counts = new Map<string, number>();

  constructor(columns: Column[]) {
    this.#columns = columns;
    this.#slots = new Map(columns.map(({ name }, slot) => [name, slot]));
  }

  isTaken(name: string): boolean {
    return this.#taken.has(name);
  }

  note(name: string): void {
    this.#taken.add(name);
  }

  /** The slot of a column, under its name or, when that is taken, with a number behind it. */
  take(column: Column): number {
    let { name } = column;
    while (this.#taken.has(name)) name = `${column.name}_${this.#nextCount(column.name)}`;
    this.#taken.add(name);
    const slot = this.#slots.get(name) ?? this.#columns.push({ ...column, name }) - 1;
    this.#slots.set(name, slot);
    return slot;
  }

  #nextCount(name: string): number {
    const count = (this.#counts.get(name) ?? 1) + 1;
    this.#counts.set(name, count);
    return count;
  }
}

function fail({ text, position }: { text: string; position: number }, problem: string): never {
  throw new Error(`${problem}: ${JSON.stringify(text)} at character ${position}`);
}
