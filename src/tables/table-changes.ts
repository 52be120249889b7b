/** Computes how a table must change to take a batch, for all databases. */

import { identifier } from '../databases/identifier.ts';
import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import type { Batch } from './input/batch.ts';
import { type ColumnType, sameColumn, type TableColumn, widest } from './input/column-type.ts';
import type { TableSettings } from './table.ts';

/** The changes, and the resulting columns. */
export interface TableChanges {
  /** Whether the table does not exist yet. */
  readonly isNew: boolean;
  /** The existing columns; empty for a new table. */
  readonly before: readonly TableColumn[];
  /** The table's column for each column of the batch, after the changes. */
  readonly targets: readonly TableColumn[];
  /** The targets to add to the table. */
  readonly added: readonly TableColumn[];
  /** New types by the names of existing columns. */
  readonly widened: ReadonlyMap<string, ColumnType>;
}

/**
 * Compares a batch with its table.
 *
 * @param before undefined if the table does not exist yet
 * @param decimalDigits significant digits of the table's decimals
 * @throws Failure (unavailable) when the table must change but may not
 */
export function findChanges(
  batch: Pick<Batch, 'names' | 'types'>,
  before: readonly TableColumn[] | undefined,
  settings: TableSettings,
  decimalDigits: number,
): TableChanges {
  const added: TableColumn[] = [];
  const widened = new Map<string, ColumnType>();
  const targets = batch.names.map((name, at) => {
    const type = batch.types[at] ?? 'text';
    const column = findColumn(before ?? [], name);
    if (column === undefined) {
      if (before && !settings.alter)
        throw refusal(settings, `has no column ${quote(name)}, which --alter would add`);
      added.push({ name, type });
      return { name, type };
    }
    const wider = widest(column.type, type, decimalDigits);
    if (sameColumn(wider, column.type)) return column;
    if (settings.onMismatch === 'reject' && column.type !== 'empty')
      throw refusal(
        settings,
        `has ${typeText(column.type)} in ${quote(name)}, the rows have ${typeText(type)}`,
      );
    widened.set(column.name, wider);
    return { name: column.name, type: wider };
  });
  return { isNew: before === undefined, before: before ?? [], targets, added, widened };
}

/** Reports changes: widened columns always, others with --verbose; nothing if there were none. */
export function explainChanges(
  { isNew, before, added, widened }: TableChanges,
  { table, warn, explain }: TableSettings,
): void {
  const text = added.map(({ name, type }) => `${name} ${typeText(type)}`).join(', ');
  if (isNew) explain(`table ${quote(table)} created: ${text}`);
  else
    for (const { name, type } of added)
      explain(`table ${quote(table)}: column ${quote(name)} added: ${typeText(type)}`);
  for (const [name, type] of widened) {
    const known = before.find((column) => column.name === name)?.type;
    const say = known === 'empty' ? explain : warn;
    say(`table ${quote(table)}: column ${quote(name)} made wider: ${typeText(type)}`);
  }
}

/** The user's name for a type. */
function typeText(type: ColumnType): string {
  return type === 'verbatim' ? 'text' : type;
}

/** The key's names as the table spells them. */
export function keyNames(targets: readonly TableColumn[], key: readonly string[]): string[] {
  return key.map((name) => findColumn(targets, name)?.name ?? name);
}

/** The ON CONFLICT clause of an upsert: updates the batch's columns, and leaves others alone. */
export function conflictClause(targets: readonly TableColumn[], key: readonly string[]): string {
  const names = keyNames(targets, key);
  const changes = targets
    .map(({ name }) => name)
    .filter((name) => !names.includes(name))
    .map((name) => `${identifier(name)} = excluded.${identifier(name)}`);
  const action = changes.length > 0 ? `UPDATE SET ${changes.join(', ')}` : 'NOTHING';
  return `ON CONFLICT (${names.map(identifier).join(', ')}) DO ${action}`;
}

/** The column with this name, or else one that differs only in case. */
function findColumn(columns: readonly TableColumn[], name: string): TableColumn | undefined {
  const lower = name.toLowerCase();
  return (
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.toLowerCase() === lower)
  );
}

function refusal({ table }: TableSettings, problem: string): Failure {
  return new Failure(status.unavailable, `table ${quote(table)} ${problem}`);
}
