/** What a table needs before it can take a batch: the same for all databases. */

import { identifier } from '../databases/identifier.ts';
import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import type { Batch } from './input/batch.ts';
import { type ColumnType, type Exactness, sameColumn, widest } from './input/column-type.ts';
import type { TableColumn, TableSettings } from './table.ts';

export interface Plan {
  /** Whether there is no table yet. */
  readonly isNew: boolean;
  /** The table's columns for those of the batch, in the batch's order, as they will be. */
  readonly targets: readonly TableColumn[];
  /** Those that the table does not have yet. */
  readonly added: readonly TableColumn[];
  /** By the names of columns that the table has, what they must become. */
  readonly widened: ReadonlyMap<string, ColumnType>;
}

/** @throws Failure (unavailable) when the table is not as the batch needs it, and may not be changed */
export function planBatch(
  batch: Batch,
  before: readonly TableColumn[] | undefined,
  settings: TableSettings,
  exact: Exactness,
): Plan {
  const { types } = batch;
  const added: TableColumn[] = [];
  const widened = new Map<string, ColumnType>();
  const targets = batch.columns.map(({ name }, at) => {
    const type = types[at] ?? 'text';
    const there = findColumn(before ?? [], name);
    if (there === undefined) {
      if (before && !settings.alter)
        throw refusal(settings, `has no column ${quote(name)}, which --alter would add`);
      added.push({ name, type });
      return { name, type };
    }
    const wider = widest(there.type, type, exact);
    if (sameColumn(wider, there.type)) return there;
    if (settings.onMismatch === 'reject')
      throw refusal(settings, `has ${there.type} in ${quote(name)}, the rows have ${type}`);
    widened.set(there.name, wider);
    return { name: there.name, type: wider };
  });
  return { isNew: before === undefined, targets, added, widened };
}

/** What was done to the table, for --verbose. */
export function explainPlan({ isNew, added, widened }: Plan, { table, explain }: TableSettings): void {
  const text = added.map(({ name, type }) => `${name} ${type}`).join(', ');
  if (isNew) explain(`table ${quote(table)} created: ${text}`);
  else
    for (const { name, type } of added)
      explain(`table ${quote(table)}: column ${quote(name)} added: ${type}`);
  for (const [name, type] of widened)
    explain(`table ${quote(table)}: column ${quote(name)} made wider: ${type}`);
}

/** The names of the key as the table has them. */
export function keyNames(targets: readonly TableColumn[], key: readonly string[]): string[] {
  return key.map((name) => findColumn(targets, name)?.name ?? name);
}

/** The end of an INSERT that replaces what the batch has of a row with the same key, and leaves its other columns. */
export function conflictClause(targets: readonly TableColumn[], key: readonly string[]): string {
  const names = keyNames(targets, key);
  const changes = targets
    .map(({ name }) => name)
    .filter((name) => !names.includes(name))
    .map((name) => `${identifier(name)} = excluded.${identifier(name)}`);
  const action = changes.length > 0 ? `UPDATE SET ${changes.join(', ')}` : 'NOTHING';
  return `ON CONFLICT (${names.map(identifier).join(', ')}) DO ${action}`;
}

/** By its name, or one that differs only in case. */
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
