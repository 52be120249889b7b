/** Compiles the pieces of a pattern, Apache's or nginx', to the format of a line. */

import type { FieldKind } from './field-kinds.ts';
import type { Column } from './log-columns.ts';

/** A field of a line, and how to find its end. */
export interface Field {
  readonly kind: FieldKind;
  /** The index of its value in those of a line; for a request, the method's, followed by the path and the protocol. */
  readonly slot: number;
  /** Its name in messages. */
  readonly name: string;
  /** Whether it ends at the next quote that is not escaped. */
  readonly quoted: boolean;
  /** Whether its backslashes are literal, not escapes. */
  readonly isRaw: boolean;
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

/** A directive or a variable of a pattern, and the text before it. */
export interface Piece {
  /** UTF-8 bytes, one per character, as lines are read. */
  readonly before: string;
  /** As it stands in the pattern. */
  readonly text: string;
  /** Its position in the pattern, from 1. */
  readonly position: number;
  readonly kind: FieldKind;
  /** Its column (the first of three for a request). */
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
 * The format of a pattern; new columns are added to `columns`.
 *
 * @param pattern at least one piece
 * @throws Error with a message for the user
 */
export function compileFormat({ pieces, end, isRaw }: Pattern, columns: Column[]): LogFormat {
  const names = new ColumnNames(columns);
  const fields = pieces.map((piece, at) => {
    const next = pieces[at + 1];
    const after = next?.before ?? end;
    if (next !== undefined && after === '') failAt(next, 'nothing separates it from what stands before');
    const isInQuotes = after.startsWith('"');
    const slot = slotOf(piece, names);
    const name = piece.kind === 'request' ? 'request' : piece.column.name;
    // A user name may have blanks, so it ends only where the time begins.
    const stop = next?.kind === 'time' ? `${after}[` : after;
    const kind = isInQuotes ? piece.kind : unquotedKind(piece);
    return { kind, slot, name, quoted: isInQuotes && !isRaw, isRaw, end: stop, after };
  });
  return { start: pieces[0]?.before ?? '', fields };
}

/** @throws Error with a message for the user, about this place in a pattern */
export function failAt({ text, position }: { text: string; position: number }, problem: string): never {
  throw new Error(`${problem}: ${JSON.stringify(text)} at character ${position}`);
}

/** A header with addresses may be a list with blanks: unquoted, it ends where a list of hosts ends. */
function unquotedKind({ kind, column }: Piece): FieldKind {
  return kind === 'text' && column.personal === 'address' && column.name !== 'forwarded' ? 'hosts' : kind;
}

/** The index of a column's value in those of a line. A second column of the same name gets a number. */
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

  /** The slot of a column, under its name or, when that is taken, with a number after it. */
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
