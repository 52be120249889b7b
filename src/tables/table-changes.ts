/** What must change in a table before it can take a batch: the same for all databases. */

import { identifier } from '../databases/identifier.ts';
import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import type { Batch } from './input/batch.ts';
import { type ColumnType, sameColumn, type TableColumn, widest } from './input/column-type.ts';
import type { TableSettings } from './table.ts';

/** The changes, and the columns that they lead to. */
export interface TableChanges {
  /** Whether there is no table yet. */
  readonly isNew: boolean;
  /** The table's columns; none when there is no table yet. */
  readonly before: readonly TableColumn[];
  /** The table's column for each column of the batch, as it will be. */
  readonly targets: readonly TableColumn[];
  /** The targets that the table does not have yet. */
  readonly added: readonly TableColumn[];
  /** New types by the names of columns that the table has. */
  readonly widened: ReadonlyMap<string, ColumnType>;
}

/**
 * Compares a batch with the columns of its table.
 *
 * @param before undefined when there is no table yet
 * @param decimalDigits digits that a decimal of the table keeps
 * @throws Failure (unavailable) when the table must change and may not
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

/** Says what was changed: a wider column always, anything else with --verbose; nothing when the table stayed as it was. */
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

/** A type as users name it. */
function typeText(type: ColumnType): string {
  return type === 'verbatim' ? 'text' : type;
}

/** The names of the key as the table spells them. */
export function keyNames(targets: readonly TableColumn[], key: readonly string[]): string[] {
  return key.map((name) => findColumn(targets, name)?.name ?? name);
}

/** The end of an INSERT that gives a row with the same key the values of the batch, and leaves its other columns. */
export function conflictClause(targets: readonly TableColumn[], key: readonly string[]): string {
  const names = keyNames(targets, key);
  const changes = targets
    .map(({ name }) => name)
    .filter((name) => !names.includes(name))
    .map((name) => `${identifier(name)} = excluded.${identifier(name)}`);
  const action = changes.length > 0 ? `UPDATE SET ${changes.join(', ')}` : 'NOTHING';
  return `ON CONFLICT (${names.map(identifier).join(', ')}) DO ${action}`;
}

/** The column of this name, or else one whose name differs only in case. */
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
