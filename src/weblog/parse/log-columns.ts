/** The columns of an access log: the facts about a request that a line may have. */

/** Why a column is personal data: `address` holds one or several addresses, `name` anything else about one person. */
export type Personal = 'address' | 'name';

/** A column; without `personal` it says nothing about a person. */
export interface Column {
  readonly name: string;
  readonly type: 'text' | 'number';
  readonly personal?: Personal;
}

/** The columns of every log, in the order in which they are written. */
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

/** The id of the message that a line came in, where lines are in envelopes of messages. */
const messageId: Column = { name: 'message_id', type: 'text' };

/** The columns and, after them, that of the message ids. */
export function withMessageId(columns: readonly Column[]): Column[] {
  return [...columns, messageId];
}

/** The slots (indices into the values of a line) of columns that have rules of their own. */
export const slots = { address: 0, ident: 1, time: 3, method: 4 } as const;

/** A column of the output: its name there, and whose value it has. */
export interface OutputColumn {
  readonly name: string;
  /** The index of the value in those of a line. */
  readonly slot: number;
  /** Whether only the wall clock of a time is written, `YYYY-MM-DD HH:MM:SS`. */
  readonly wallClock: boolean;
}

/** The columns of the BigQuery table of an earlier pipeline, and ours for them. */
const bigquery: readonly (readonly [name: string, ours: string])[] = [
  ['remote_addr', 'remote_addr'],
  ['timelocal', 'time'],
  ['request_type', 'method'],
  ['status', 'status'],
  ['body_bytes_sent', 'bytes'],
  ['http_referer', 'referer'],
  ['http_user_agent', 'user_agent'],
];

/** The columns of `--schema bigquery`, and further ones under their own names. */
export function bigqueryColumns(known: readonly Column[], further: readonly string[]): OutputColumn[] {
  const columns = bigquery.map(([name, ours]) => ({
    ...column(ours, known),
    name,
    wallClock: ours === 'time',
  }));
  return [...columns, ...outputColumns(further, known)];
}

/** The columns of these names. @throws Error with a message for the user when a name is unknown */
export function outputColumns(names: readonly string[], known: readonly Column[]): OutputColumn[] {
  return names.map((name) => column(name, known));
}

function column(name: string, known: readonly Column[]): OutputColumn {
  const slot = known.findIndex((other) => other.name === name);
  if (slot < 0)
    throw new Error(`unknown field: ${JSON.stringify(name)} (${known.map(({ name }) => name).join(',')})`);
  return { name, slot, wallClock: false };
}
