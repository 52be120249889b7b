/** Compiles the pieces of a pattern, Apache's or nginx's, to the format of a line. */

import type { FieldKind } from './field-kinds.ts';
import type { Column } from './log-columns.ts';

/** A field of a line, and how to find its end. */
export interface Field {
  readonly kind: FieldKind;
  /** Index of its value in a line; for a request that of the method, followed by path and protocol. */
  readonly slot: number;
  /** Its name in messages. */
  readonly name: string;
  /** Whether it ends at the next unescaped quote. */
  readonly quoted: boolean;
  /** Whether backslashes are literal, not escapes. */
  readonly isRaw: boolean;
  /** The text that ends it if it is not quoted; empty for the end of the line. */
  readonly end: string;
  /** The text between it and the next field. */
  readonly after: string;
}

/** A format: one or more fields in order. */
export interface LogFormat {
  /** The text before the first field. */
  readonly start: string;
  readonly fields: readonly Field[];
}

/** A directive or variable of a pattern, with the text before it. */
export interface Piece {
  /** UTF-8 bytes as Latin-1, like the lines. */
  readonly before: string;
  /** Its text in the pattern. */
  readonly text: string;
  /** Its position in the pattern, from 1. */
  readonly position: number;
  readonly kind: FieldKind;
  /** Its column (for a request the first of three). */
  readonly column: Column;
}

/** A pattern: its pieces, and the text after the last one. */
export interface Pattern {
  readonly pieces: readonly Piece[];
  readonly end: string;
  /** Whether lines have no escapes. */
  readonly isRaw: boolean;
}

/**
 * Compiles a pattern; adds new columns to `columns`.
 *
 * @param pattern with at least one piece
 * @throws Error with a message for the user
 */
export function compileFormat({ pieces, end, isRaw }: Pattern, columns: Column[]): LogFormat {
  const names = new ColumnNames(columns);
  const fields = pieces.map((piece, at) => {
    const next = pieces[at + 1];
    const after = next?.before ?? end;
    if (next !== undefined && after === '') failAt(next, 'nothing separates it from the field before it');
    const isInQuotes = after.startsWith('"');
    const slot = slotOf(piece, names);
    const name = piece.kind === 'request' ? 'request' : piece.column.name;
    // A user name may contain blanks, so it ends only where the time begins.
    const stop = next?.kind === 'time' ? `${after}[` : after;
    const kind = isInQuotes ? piece.kind : unquotedKind(piece);
    return { kind, slot, name, quoted: isInQuotes && !isRaw, isRaw, end: stop, after };
  });
  return { start: pieces[0]?.before ?? '', fields };
}

/** @throws Error with a message for the user, with the position in the pattern */
export function failAt({ text, position }: { text: string; position: number }, problem: string): never {
  throw new Error(`${problem}: ${JSON.stringify(text)} at character ${position}`);
}

/** A header with addresses may be a list with blanks: unquoted, it ends like a list of hosts. */
function unquotedKind({ kind, column }: Piece): FieldKind {
  return kind === 'text' && column.personal === 'address' && column.name !== 'forwarded' ? 'hosts' : kind;
}

/** Allocates the index of a column's value. A second column of the same name gets a number. */
function slotOf(piece: Piece, known: ColumnNames): number {
  const { kind, column } = piece;
  const names = kind === 'request' ? ['method', 'path', 'protocol'] : [column.name];
  const isOnlyOne = kind === 'request' || column.name === 'time';
  if (isOnlyOne && names.some((name) => known.isTaken(name)))
    failAt(piece, `there is already a ${kind === 'request' ? 'request' : 'time'}`);
  const slot = known.take(column);
  for (const name of names) known.note(name);
  return slot;
}

/** The columns by name, and which of them the pattern fills. */
class ColumnNames {
  readonly #columns: Column[];
  readonly #slots: Map<string, number>;
  readonly #taken = new Set<string>();
  /** The last number given to a column of the same name. */
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

  /** The slot of a column, under its own name or, when that is taken, a numbered one. */
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
