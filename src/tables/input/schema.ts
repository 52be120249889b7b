/**
 * The columns that rows are loaded into: those of the table, those that options name, and those that input brings.
 *
 * A type is open until the first batch is complete. After that a value that does not fit makes the column wider, or its
 * row is rejected. Widening leads to the types that all rows in one batch would have led to. A column of the key is
 * integer or verbatim text, in which no two keys become one; one that is something else already stays that.
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

/** A column whose type is still being found. */
export interface Column {
  readonly name: string;
  type: ColumnType;
  /** Whether the user gave its type, which then never changes. */
  readonly fixed: boolean;
  /** Whether it is of the key. */
  readonly isKey: boolean;
  /** Whether a batch, or the table, has it with this type. */
  settled: boolean;
}

/** The options of load-rows that decide about columns. */
export interface SchemaSettings {
  /** By the names of columns in lower case. */
  readonly types: ReadonlyMap<string, ColumnType>;
  /** Names of columns; empty for none. */
  readonly key: readonly string[];
  /** Whether the table may get further columns. */
  readonly alter: boolean;
  readonly onMismatch: OnMismatch;
  readonly limits: TableLimits;
}

/** All columns of one load, by name; names that differ only in case are one column. */
export class Schema {
  readonly #settings: SchemaSettings;
  readonly #byName = new Map<string, Column>();
  readonly #byCase = new Map<string, Column>();
  readonly #hasTable: boolean;
  /** The columns of the key; empty without one. */
  readonly key: readonly Column[];

  /** @param table its columns; undefined when it is yet to be created */
  constructor(settings: SchemaSettings, table: readonly TableColumn[] | undefined) {
    this.#settings = settings;
    this.#hasTable = table !== undefined;
    for (const { name, type } of table ?? []) this.#add(name, type);
    this.key = settings.key.map((name) => this.column(name));
  }

  get limits(): TableLimits {
    return this.#settings.limits;
  }

  /** Names with a type by the user, in lower case, that no column has so far. */
  get unknownTyped(): string[] {
    return [...this.#settings.types.keys()].filter((name) => !this.#byCase.has(name));
  }

  /** Says why no row may have columns of these names; undefined when it may. */
  problem(names: readonly string[]): string | undefined {
    return namesProblem(names, this.limits) ?? this.#keyProblem(names) ?? this.#newProblem(names);
  }

  /** The column of a name, which is new if there is none yet. */
  column(name: string): Column {
    return this.find(name) ?? this.#add(name, undefined);
  }

  /** The column of a name; undefined if there is none yet. */
  find(name: string): Column | undefined {
    return this.#byName.get(name) ?? this.#byCase.get(name.toLowerCase());
  }

  /** The types of the columns of a complete batch, which the table will have from now on. */
  settle(names: readonly string[]): ColumnType[] {
    return names.map((name) => {
      const column = this.column(name);
      column.settled = true;
      return column.type;
    });
  }

  /** Whether a column can get wider: text that looks like a number may have to stay text then. */
  canWiden(column: Column): boolean {
    if (column.fixed) return false;
    if (column.type === 'empty' || !column.settled) return true;
    if (!this.limits.widens || this.#settings.onMismatch === 'reject') return false;
    return !column.isKey || isKeyType(column.type);
  }

  /** The type of a column that also holds a value of this type; undefined when it must stay as it is, and cannot. */
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

/** Whether a column of the key has such a type, unless the user or the table gave it another. */
function isKeyType(type: ColumnType): boolean {
  return type === 'integer' || type === 'long' || type === 'verbatim';
}

/** Says why names cannot be columns of one table; undefined when they can. */
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

/** Says that a table cannot have this number of columns. */
export function tooManyColumns(count: number, { columns }: TableLimits): string {
  return `${count} columns, and a table has at most ${columns}`;
}
