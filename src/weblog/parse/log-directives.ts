/**
 * The directives of Apache's LogFormat, such as `%h`: the syntax of each, and its column.
 *
 * https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats, with those of mod_logio and mod_ssl.
 */

import { type FieldKind, isNumeric } from './field-kinds.ts';
import type { Column, Personal } from './log-columns.ts';

/** A directive: its kind of field, and its column (for a request the first of three). */
export interface Directive {
  readonly kind: FieldKind;
  readonly column: Column;
}

const simple: Readonly<Record<string, readonly [FieldKind, string, Personal?]>> = {
  h: ['hosts', 'remote_addr', 'address'],
  a: ['hosts', 'remote_addr', 'address'],
  '{c}a': ['host', 'peer_addr', 'address'],
  l: ['word', 'ident', 'name'],
  u: ['user', 'user', 'name'],
  t: ['time', 'time'],
  r: ['request', 'method'],
  m: ['word', 'method'],
  U: ['text', 'path'],
  q: ['text', 'query'],
  H: ['word', 'protocol'],
  s: ['status', 'status'],
  b: ['count', 'bytes'],
  B: ['count', 'bytes'],
  I: ['count', 'bytes_received'],
  O: ['count', 'bytes_sent'],
  S: ['count', 'bytes_transferred'],
  D: ['count', 'duration_us'],
  T: ['decimal', 'duration_s'],
  '{s}T': ['decimal', 'duration_s'],
  '{ms}T': ['count', 'duration_ms'],
  '{us}T': ['count', 'duration_us'],
  v: ['host', 'server_name'],
  V: ['host', 'server_name'],
  A: ['host', 'local_addr'],
  p: ['count', 'port'],
  '{canonical}p': ['count', 'port'],
  '{local}p': ['count', 'local_port'],
  '{remote}p': ['count', 'remote_port', 'name'],
  X: ['flag', 'connection_status'],
  k: ['count', 'keepalive_requests'],
  P: ['count', 'process_id'],
  '{pid}P': ['count', 'process_id'],
  '{tid}P': ['count', 'thread_id'],
  L: ['word', 'log_id'],
  R: ['word', 'handler'],
  f: ['text', 'file_name'],
};

/**
 * Directives with an argument: a request or response header, a variable of the environment or of SSL, a note, a cookie.
 */
const prefixes: Readonly<Record<string, string>> = {
  i: '',
  o: 'out_',
  e: 'env_',
  n: 'note_',
  C: 'cookie_',
  x: 'ssl_',
};

/** Columns of headers that contain addresses. */
const addresses = new Set([
  'x_forwarded_for',
  'forwarded',
  'x_real_ip',
  'x_client_ip',
  'client_ip',
  'true_client_ip',
  'cf_connecting_ip',
  'env_remote_addr',
]);

/** Columns without personal data; any other header may contain some. */
const harmless =
  /^(referer|user_agent|host|range|(out_)?(accept|content|cache)_?\w*|(out_)?(etag|location|server|vary)|ssl_ssl_(protocol|cipher))$/;

/** The directive `%h` for letter `h`, or `%{Referer}i` for an argument and a letter; undefined when it is unknown. */
export function findDirective(argument: string | undefined, letter: string): Directive | undefined {
  const [kind, name, personal] = simple[argument === undefined ? letter : `{${argument}}${letter}`] ?? [];
  if (kind !== undefined && name !== undefined) return { kind, column: toColumn(kind, name, personal) };
  const prefix = prefixes[letter];
  if (argument === undefined || argument === '' || prefix === undefined) return undefined;
  return headerDirective(prefix + argument.toLowerCase().replace(/[^a-z0-9]+/g, '_'));
}

/** A request header or other free text, by the name of its column. */
export function headerDirective(column: string): Directive {
  return { kind: 'text', column: toColumn('text', column, personalOf(column)) };
}

/** The directive for a column of this name, such as `duration_ms`; undefined when there is none. */
export function ownDirective(column: string): Directive | undefined {
  const found = Object.values(simple).find(([kind, name]) => name === column && kind !== 'request');
  if (found === undefined) return undefined;
  const [kind, , personal] = found;
  return { kind: kind === 'time' ? 'bareTime' : kind, column: toColumn(kind, column, personal) };
}

function personalOf(name: string): Personal | undefined {
  if (addresses.has(name)) return 'address';
  return harmless.test(name) ? undefined : 'name';
}

/** The column of a field. */
export function toColumn(kind: FieldKind, name: string, personal: Personal | undefined): Column {
  const type = isNumeric(kind) ? 'number' : 'text';
  return personal === undefined ? { name, type } : { name, type, personal };
}
