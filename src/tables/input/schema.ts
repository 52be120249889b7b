/**
 * The columns that rows are loaded into: those of the table, those that options name, and those that input brings.
 *
 * A type is open until the first batch has been looked at as a whole. After that a value that does not fit makes the
 * column wider, or its row is rejected.
 */

import { quote } from '../../lines/line.ts';
import type { TableColumn } from '../table.ts';
import type { Batch } from './batch.ts';
import { type ColumnType, type Exactness, sameColumn, widest } from './column-type.ts';

export type OnMismatch = 'widen' | 'reject';

export interface Column {
  readonly name: string;
  /** Undefined until there is a value. */
  type: ColumnType | undefined;
  /** Its type is what the user says. */
  readonly fixed: boolean;
  /** Its type may no longer change without being said. */
  settled: boolean;
}

export interface Wishes {
  /** By the names of columns. */
  readonly types: ReadonlyMap<string, ColumnType>;
  readonly key: readonly string[];
  readonly alter: boolean;
  readonly onMismatch: OnMismatch;
  readonly exact: Exactness;
}

export class Columns {
  readonly #wishes: Wishes;
  readonly #byName = new Map<string, Column>();
  readonly #byCase = new Map<string, Column>();
  #isThere: boolean;

  /** @param table its columns; undefined when it is yet to be created */
  constructor(wishes: Wishes, table: readonly TableColumn[] | undefined) {
    this.#wishes = wishes;
    this.#isThere = table !== undefined;
    for (const { name, type } of table ?? []) this.#add(name, type);
  }

  get exact(): Exactness {
    return this.#wishes.exact;
  }

  /** Those that are the key. */
  get key(): Column[] {
    return this.#wishes.key.map((name) => this.of(name));
  }

  /** What is wrong with a row of these names; undefined when nothing is. */
  problem(names: readonly string[]): string | undefined {
    return namesProblem(names) ?? this.#keyProblem(names) ?? this.#newProblem(names);
  }

  /** The column of a name, which is new if there is none yet. */
  of(name: string): Column {
    return this.#byName.get(name) ?? this.#byCase.get(name.toLowerCase()) ?? this.#add(name, undefined);
  }

  /** Says that a batch is complete: what it had no value for is text, and the table will have all its columns. */
  settle(batch: Batch): void {
    this.#isThere = true;
    batch.types = batch.columns.map((column) => {
      column.type ??= 'text';
      column.settled = true;
      return column.type;
    });
  }

  /** Whether a column can take a value, and remembers what that makes of its type. */
  takes(column: Column, type: ColumnType): boolean {
    if (type === column.type) return true;
    const wider = column.type === undefined ? type : widest(column.type, type, this.#wishes.exact);
    const isFree = !column.fixed && (!column.settled || this.#wishes.onMismatch === 'widen');
    if (!isFree && column.type !== undefined && !sameColumn(wider, column.type)) return false;
    column.type = wider;
    return true;
  }

  #add(name: string, type: ColumnType | undefined): Column {
    const wish = this.#wishes.types.get(name);
    const column: Column = {
      name,
      type: wish ?? type,
      fixed: wish !== undefined,
      settled: wish !== undefined || type !== undefined,
    };
    this.#byName.set(name, column);
    this.#byCase.set(name.toLowerCase(), column);
    return column;
  }

  #newProblem(names: readonly string[]): string | undefined {
    if (!this.#isThere || this.#wishes.alter) return undefined;
    const unknown = names.find((name) => !this.#byName.has(name) && !this.#byCase.has(name.toLowerCase()));
    if (unknown === undefined) return undefined;
    return `the table has no column ${quote(unknown)}, which --alter would add`;
  }

  #keyProblem(names: readonly string[]): string | undefined {
    const lower = new Set(names.map((name) => name.toLowerCase()));
    const lacking = this.#wishes.key.find((name) => !lower.has(name.toLowerCase()));
    return lacking === undefined ? undefined : `no column ${quote(lacking)}, which --key names`;
  }
}

/** What is wrong with names that stand together; undefined when nothing is. */
function namesProblem(names: readonly string[]): string | undefined {
  const seen = new Map<string, string>();
  for (const [at, name] of names.entries()) {
    if (name === '') return `column ${at + 1} has no name`;
    if (name.includes('\0')) return `column ${at + 1} has a NUL in its name`;
    const same = seen.get(name.toLowerCase());
    if (same === name) return `two columns are named ${quote(name)}`;
    if (same !== undefined) return `column names differ only in case: ${quote(same)}, ${quote(name)}`;
    seen.set(name.toLowerCase(), name);
  }
  return undefined;
}
