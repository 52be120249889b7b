/**
 * The columns of a load: those of the table, those named by options, and those found in the input.
 *
 * A type is open until the first batch is complete. From then on, a value that does not fit widens the column, or its row is
 * rejected. Widening leads to the types that a single batch with all rows would have. A key column is integer or verbatim
 * text, in which different keys stay different; an existing key column of another type keeps it.
 */

import { quote } from '../../lines/line.ts';
import { sameColumnNames } from './column-names.ts';
import {
  type ColumnType,
  type OnMismatch,
  sameColumn,
  type TableColumn,
  type TableLimits,
  widest,
} from './column-type.ts';

/** A column whose type is being inferred. */
export interface Column {
  readonly name: string;
  type: ColumnType;
  /** Whether the user declared its type, which then never changes. */
  readonly fixed: boolean;
  /** Whether it is a key column. */
  readonly isKey: boolean;
  /** Whether a complete batch, or the table, has it with this type. */
  settled: boolean;
}

/** The options of load-rows that concern columns. */
export interface SchemaSettings {
  /** Declared types by lower-case column name. */
  readonly types: ReadonlyMap<string, ColumnType>;
  /** Column names; empty for none. */
  readonly key: readonly string[];
  /** Whether columns may be added to an existing table. */
  readonly alter: boolean;
  readonly onMismatch: OnMismatch;
  readonly limits: TableLimits;
}

/** All columns of a load, by name. Names that differ only in case are one column. */
export class Schema {
  readonly #settings: SchemaSettings;
  readonly #byName = new Map<string, Column>();
  readonly #byCase = new Map<string, Column>();
  readonly #hasTable: boolean;
  /** The key columns; empty for none. */
  readonly key: readonly Column[];

  /** @param table its columns; undefined if it does not exist yet */
  constructor(settings: SchemaSettings, table: readonly TableColumn[] | undefined) {
    this.#settings = settings;
    this.#hasTable = table !== undefined;
    for (const { name, type } of table ?? []) this.#add(name, type);
    this.key = settings.key.map((name) => this.column(name));
  }

  get limits(): TableLimits {
    return this.#settings.limits;
  }

  /** Lower-case names with a declared type that match no column so far. */
  get unknownTyped(): string[] {
    return [...this.#settings.types.keys()].filter((name) => !this.#byCase.has(name));
  }

  /** Why rows must not have columns with these names; undefined if they may. */
  problem(names: readonly string[]): string | undefined {
    return namesProblem(names, this.limits) ?? this.#keyProblem(names) ?? this.#newProblem(names);
  }

  /** Finds or adds a column. */
  column(name: string): Column {
    return this.find(name) ?? this.#add(name, undefined);
  }

  /** Finds a column; undefined if there is none yet. */
  find(name: string): Column | undefined {
    return this.#byName.get(name) ?? this.#byCase.get(name.toLowerCase());
  }

  /** Settles the columns of a complete batch. @returns their types, which the table will have from now on */
  settle(names: readonly string[]): ColumnType[] {
    return names.map((name) => {
      const column = this.column(name);
      column.settled = true;
      return column.type;
    });
  }

  /** Whether a column can be widened; if not, text that looks like a number may have to stay text. */
  canWiden(column: Column): boolean {
    if (column.fixed) return false;
    if (column.type === 'empty' || !column.settled) return true;
    if (!this.limits.widens || this.#settings.onMismatch === 'reject') return false;
    return !column.isKey || isKeyType(column.type);
  }

  /** The type that a column needs to hold a value of this type too; undefined if it would have to change, and cannot. */
  wider(column: Column, type: ColumnType): ColumnType | undefined {
    if (type === column.type) return type;
    const isOpenKey = column.isKey && !column.fixed && (column.type === 'empty' || isKeyType(column.type));
    const found = isOpenKey && !isKeyType(type) ? 'verbatim' : type;
    const wider = widest(column.type, found, this.limits.decimalDigits);
    if (sameColumn(wider, column.type)) return wider;
    return this.canWiden(column) ? wider : undefined;
  }

  #add(name: string, type: ColumnType | undefined): Column {
    const lower = name.toLowerCase();
    const given = this.#settings.types.get(lower);
    const column: Column = {
      name,
      type: (given === 'text' ? 'verbatim' : given) ?? type ?? 'empty',
      fixed: given !== undefined,
      isKey: this.#settings.key.some((each) => each.toLowerCase() === lower),
      settled: given !== undefined || type !== undefined,
    };
    this.#byName.set(name, column);
    this.#byCase.set(lower, column);
    return column;
  }

  #newProblem(names: readonly string[]): string | undefined {
    const unknown = names.filter((name) => this.find(name) === undefined);
    const [first] = unknown;
    if (first === undefined) return undefined;
    if (this.#hasTable && !this.#settings.alter)
      return `the table has no column ${quote(first)}, which --alter would add`;
    const count = this.#byName.size + unknown.length;
    return count > this.limits.columns ? tooManyColumns(count, this.limits) : undefined;
  }

  #keyProblem(names: readonly string[]): string | undefined {
    const lower = new Set(names.map((name) => name.toLowerCase()));
    const missing = this.#settings.key.find((name) => !lower.has(name.toLowerCase()));
    return missing === undefined ? undefined : `no column ${quote(missing)}, which --key names`;
  }
}

/** The types of a key column, unless the user or the table gave it another. */
function isKeyType(type: ColumnType): boolean {
  return type === 'integer' || type === 'long' || type === 'verbatim';
}

/** Why names cannot be columns of one table; undefined if they can. */
function namesProblem(names: readonly string[], { nameBytes }: TableLimits): string | undefined {
  for (const [at, name] of names.entries()) {
    if (name === '') return `column ${at + 1} has no name`;
    if (name.includes('\0')) return `column ${at + 1} has a NUL in its name`;
    if (Buffer.byteLength(name) > nameBytes)
      return `the name of column ${at + 1} is longer than ${nameBytes} bytes: ${quote(name)}`;
  }
  const [one, other] = sameColumnNames(names) ?? [];
  if (one === undefined || other === undefined) return undefined;
  if (one === other) return `two columns are named ${quote(one)}`;
  return `column names differ only in case: ${quote(one)}, ${quote(other)}`;
}

/** The message for too many columns. */
export function tooManyColumns(count: number, { columns }: TableLimits): string {
  return `${count} columns, and a table has at most ${columns}`;
}
