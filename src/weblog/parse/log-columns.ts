/** The columns of an access log: what a line may tell of one request. */

/** Of whom a column may tell: `address` holds one or several addresses, `name` anything else that is of one person. */
export type Personal = 'address' | 'name';

export interface Column {
  readonly name: string;
  readonly type: 'text' | 'number';
  readonly personal?: Personal;
}

/** Those of every log, in the order in which they are written. */
export const standardColumns: readonly Column[] = [
  { name: 'remote_addr', type: 'text', personal: 'address' },
  { name: 'ident', type: 'text', personal: 'name' },
  { name: 'user', type: 'text', personal: 'name' },
  { name: 'time', type: 'text' },
  { name: 'method', type: 'text' },
  { name: 'path', type: 'text' },
  { name: 'protocol', type: 'text' },
  { name: 'status', type: 'number' },
  { name: 'bytes', type: 'number' },
  { name: 'referer', type: 'text' },
  { name: 'user_agent', type: 'text' },
];

/** Where the columns stand in a record that have rules of their own. */
export const slots = { address: 0, ident: 1, time: 3 } as const;

/** A column as it is written: whose value it is, and what it is called there. */
export interface OutputColumn {
  readonly name: string;
  /** The place of the value in a record. */
  readonly slot: number;
  /** The wall clock of a time alone, `YYYY-MM-DD HH:MM:SS`. */
  readonly wallClock: boolean;
}

/** The table of the pipeline that this one replaces: its names, for ours. */
const bigquery: readonly (readonly [name: string, ours: string])[] = [
  ['remote_addr', 'remote_addr'],
  ['timelocal', 'time'],
  ['request_type', 'method'],
  ['status', 'status'],
  ['body_bytes_sent', 'bytes'],
  ['http_referer', 'referer'],
  ['http_user_agent', 'user_agent'],
];

export function bigqueryColumns(): OutputColumn[] {
  return bigquery.map(([name, ours]) => ({
    ...column(ours, standardColumns),
    name,
    wallClock: ours === 'time',
  }));
}

/** The columns of these names. @throws Error with a message for the user when there is no such column */
export function outputColumns(names: readonly string[], known: readonly Column[]): OutputColumn[] {
  return names.map((name) => column(name, known));
}

function column(name: string, known: readonly Column[]): OutputColumn {
  const slot = known.findIndex((other) => other.name === name);
  if (slot < 0)
    throw new Error(`no such field: ${JSON.stringify(name)} (${known.map(({ name }) => name).join(',')})`);
  return { name, slot, wallClock: false };
}
