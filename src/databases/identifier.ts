/** Names of tables and columns in SQL. */

import { BadRows, status } from '../failure.ts';
import { quote } from '../lines/line.ts';

/** Postgres cuts off what is longer, and would take two names for the same. */
const LONGEST_BYTES = 63;

/** The name as SQL has it, whatever characters are in it. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The same, for a name that Postgres is to create. @throws BadRows (data) for one that is too long for it */
export function newPostgresIdentifier(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST_BYTES) return identifier(name);
  throw new BadRows(`a name is longer than ${LONGEST_BYTES} bytes: ${quote(name)}`, { status: status.data });
}
