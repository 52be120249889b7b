/** What SQL databases have in common: names, and how rows fit into a table that may have been made by others. */

import { identifier } from '../databases/identifier.ts';
import { Failure, status } from '../failure.ts';
import { statsColumns } from '../readings/stats-row.ts';

const KEY = ['sensor', 'window', 'end'];

export interface TableColumn {
  readonly name: string;
  /** Whether a row may leave it empty. */
  readonly optional: boolean;
}

export interface Fit {
  /** The rows' columns as the table spells them. */
  readonly targets: readonly string[];
  /** Those of them that the table lacks. */
  readonly added: readonly string[];
  /** What else the table has, which becomes NULL in a row that is replaced: it is replaced as a whole. */
  readonly erased: readonly string[];
}

/** Names that differ in case only are the same. @throws Failure (unavailable) for a table of something else */
export function fitColumns(table: readonly TableColumn[], wanted: readonly string[]): Fit {
  const present = new Map(table.map(({ name }) => [name.toLowerCase(), name]));
  const lacking = statsColumns.find(({ name }) => !present.has(name));
  if (lacking) throw new Failure(status.unavailable, `its table "stats" lacks column "${lacking.name}"`);
  const targets = wanted.map((name) => present.get(name.toLowerCase()) ?? name);
  const given = new Set(targets);
  return {
    targets,
    added: wanted.filter((name) => !present.has(name.toLowerCase())),
    erased: table.filter(({ name, optional }) => optional && !given.has(name)).map(({ name }) => name),
  };
}

/** What follows the values of an INSERT to make it an upsert. */
export function onConflictClause({ targets, erased }: Fit): string {
  const isKey = (name: string) => KEY.includes(name.toLowerCase());
  const key = targets.filter(isKey).map(identifier);
  const changed = targets.filter((name) => !isKey(name)).map(identifier);
  const changes = changed.map((name) => `${name} = excluded.${name}`);
  const erasures = erased.map((name) => `${identifier(name)} = NULL`);
  return `ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${[...changes, ...erasures].join(', ')}`;
}

/** The fields of a row under these columns as SQL values: what is not known is NULL, but a sensor without a name. */
export function sqlValues(fields: readonly string[], columns: readonly string[]): (string | null)[] {
  return fields.map((text, at) => (text === '' && columns[at] !== 'sensor' ? null : text));
}
