/** The columns of an access log: the facts about a request that a line may contain. */

/** Why a column is personal data: `address` contains one or more addresses, `name` anything else about a person. */
export type Personal = 'address' | 'name';

/** A column; without `personal` it contains no personal data. */
export interface Column {
  readonly name: string;
  readonly type: 'text' | 'number';
  readonly personal?: Personal;
}

/** The columns of every log, in output order. */
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

/** The id of the message with the line, when lines are in message envelopes. */
const messageId: Column = { name: 'message_id', type: 'text' };

/** The columns followed by that of the message id. */
export function withMessageId(columns: readonly Column[]): Column[] {
  return [...columns, messageId];
}

/** Slots (indexes of values in a line) of columns with special rules. */
export const slots = { address: 0, ident: 1, time: 3, method: 4 } as const;

/** A column of the output: its name, and the source of its value. */
export interface OutputColumn {
  readonly name: string;
  /** Index of the value in a line. */
  readonly slot: number;
  /** Whether to write only the wall-clock time, `YYYY-MM-DD HH:MM:SS`. */
  readonly wallClock: boolean;
}

/** The columns of an earlier pipeline's BigQuery table, with ours for them. */
const bigquery: readonly (readonly [name: string, ours: string])[] = [
  ['remote_addr', 'remote_addr'],
  ['timelocal', 'time'],
  ['request_type', 'method'],
  ['status', 'status'],
  ['body_bytes_sent', 'bytes'],
  ['http_referer', 'referer'],
  ['http_user_agent', 'user_agent'],
];

/** The columns of `--schema bigquery`, and additional ones under their own names. */
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
