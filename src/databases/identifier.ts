/** Names of tables and columns in SQL. */

import { BadRows, status } from '../failure.ts';
import { quote } from '../lines/line.ts';

/** Postgres truncates longer names, so that two of them could collide. */
const LONGEST_BYTES = 63;

/** The name, quoted for SQL. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The same, for a name to create in Postgres. @throws BadRows (data) when it is too long */
export function newPostgresIdentifier(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST_BYTES) return identifier(name);
  throw new BadRows(`a name is longer than ${LONGEST_BYTES} bytes: ${quote(name)}`, { status: status.data });
}
