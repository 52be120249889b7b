/**
 * The columns that rows are loaded into: those of the table, those that options name, and those that input brings.
 *
 * A type is open until the first batch is complete. After that a value that does not fit makes the column wider, or its
 * row is rejected.
 */

import { quote } from '../../lines/line.ts';
import { type ColumnType, type OnMismatch, sameColumn, type TableColumn, widest } from './column-type.ts';

/** A column whose type is still being found. */
export interface Column {
  readonly name: string;
  /** Undefined until there is a value. */
  type: ColumnType | undefined;
  /** Whether the user gave its type, which never changes then. */
  readonly fixed: boolean;
  /** Whether a batch, or the table, has it with this type. */
  settled: boolean;
}

/** The options of load-rows that decide about columns. */
export interface SchemaSettings {
  /** By the names of columns. */
  readonly types: ReadonlyMap<string, ColumnType>;
  /** Names of columns; empty for none. */
  readonly key: readonly string[];
  /** Whether the table may get further columns. */
  readonly alter: boolean;
  readonly onMismatch: OnMismatch;
  /** Digits that a decimal of the table keeps. */
  readonly decimalDigits: number;
}

/** All columns of one load, by name; names that differ only in case are one column. */
export class Schema {
  readonly #settings: SchemaSettings;
  readonly #byName = new Map<string, Column>();
  readonly #byCase = new Map<string, Column>();
  #hasTable: boolean;

  /** @param table its columns; undefined when it is yet to be created */
  constructor(settings: SchemaSettings, table: readonly TableColumn[] | undefined) {
    this.#settings = settings;
    this.#hasTable = table !== undefined;
    for (const { name, type } of table ?? []) this.#add(name, type);
  }

  /** Digits that a decimal of the table keeps. */
  get decimalDigits(): number {
    return this.#settings.decimalDigits;
  }

  /** The columns of the key; empty without one. */
  get key(): Column[] {
    return this.#settings.key.map((name) => this.column(name));
  }

  /** Says why no row may have columns of these names; undefined when it may. */
  problem(names: readonly string[]): string | undefined {
    return namesProblem(names) ?? this.#keyProblem(names) ?? this.#newProblem(names);
  }

  /** The column of a name, which is new if there is none yet. */
  column(name: string): Column {
    return this.#byName.get(name) ?? this.#byCase.get(name.toLowerCase()) ?? this.#add(name, undefined);
  }

  /**
   * The types of the columns of a complete batch, which the table will have from now on.
   *
   * @returns a type per name; text for a column without any value
   */
  settle(names: readonly string[]): ColumnType[] {
    this.#hasTable = true;
    return names.map((name) => {
      const column = this.column(name);
      column.type ??= 'text';
      column.settled = true;
      return column.type;
    });
  }

  /** Makes a column as wide as a value of this type needs. @returns false when it must stay as it is, and cannot hold it */
  admit(column: Column, type: ColumnType): boolean {
    if (type === column.type) return true;
    const { decimalDigits, onMismatch } = this.#settings;
    const wider = column.type === undefined ? type : widest(column.type, type, decimalDigits);
    const isFree = !column.fixed && (!column.settled || onMismatch === 'widen');
    if (!isFree && column.type !== undefined && !sameColumn(wider, column.type)) return false;
    column.type = wider;
    return true;
  }

  #add(name: string, type: ColumnType | undefined): Column {
    const given = this.#settings.types.get(name);
    const column: Column = {
      name,
      type: given ?? type,
      fixed: given !== undefined,
      settled: given !== undefined || type !== undefined,
    };
    this.#byName.set(name, column);
    this.#byCase.set(name.toLowerCase(), column);
    return column;
  }

  #newProblem(names: readonly string[]): string | undefined {
    if (!this.#hasTable || this.#settings.alter) return undefined;
    const unknown = names.find((name) => !this.#byName.has(name) && !this.#byCase.has(name.toLowerCase()));
    if (unknown === undefined) return undefined;
    return `the table has no column ${quote(unknown)}, which --alter would add`;
  }

  #keyProblem(names: readonly string[]): string | undefined {
    const lower = new Set(names.map((name) => name.toLowerCase()));
    const missing = this.#settings.key.find((name) => !lower.has(name.toLowerCase()));
    return missing === undefined ? undefined : `no column ${quote(missing)}, which --key names`;
  }
}

/** Says why names cannot be columns of one table; undefined when they can. */
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
