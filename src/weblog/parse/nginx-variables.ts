/**
 * The variables of nginx's log_format, such as `$remote_addr`: the syntax of each, and its column.
 *
 * https://nginx.org/en/docs/varindex.html
 */

import type { FieldKind } from './field-kinds.ts';
import type { Personal } from './log-columns.ts';
import { type Directive, headerDirective, ownDirective, toColumn } from './log-directives.ts';

const variables: Readonly<Record<string, readonly [FieldKind, string, Personal?]>> = {
  remote_addr: ['hosts', 'remote_addr', 'address'],
  realip_remote_addr: ['host', 'peer_addr', 'address'],
  proxy_protocol_addr: ['host', 'proxy_protocol_addr', 'address'],
  remote_port: ['count', 'remote_port', 'name'],
  remote_user: ['user', 'user', 'name'],
  time_local: ['bareTime', 'time'],
  time_iso8601: ['bareTime', 'time'],
  msec: ['epoch', 'time'],
  request: ['request', 'method'],
  request_method: ['word', 'method'],
  request_uri: ['text', 'path'],
  uri: ['text', 'path'],
  document_uri: ['text', 'path'],
  args: ['text', 'query'],
  query_string: ['text', 'query'],
  server_protocol: ['word', 'protocol'],
  status: ['status', 'status'],
  body_bytes_sent: ['count', 'bytes'],
  bytes_sent: ['count', 'bytes_sent'],
  request_length: ['count', 'bytes_received'],
  request_time: ['decimal', 'duration_s'],
  request_id: ['word', 'request_id'],
  request_completion: ['text', 'request_completion'],
  host: ['host', 'host'],
  server_name: ['host', 'server_name'],
  server_addr: ['host', 'local_addr'],
  server_port: ['count', 'port'],
  scheme: ['word', 'scheme'],
  https: ['text', 'https'],
  connection: ['count', 'connection'],
  connection_requests: ['count', 'connection_requests'],
  connection_time: ['decimal', 'connection_time'],
  gzip_ratio: ['decimal', 'gzip_ratio'],
  pid: ['count', 'process_id'],
  pipe: ['word', 'pipe'],
  hostname: ['host', 'hostname'],
  ssl_protocol: ['text', 'ssl_protocol'],
  ssl_cipher: ['text', 'ssl_cipher'],
  ssl_server_name: ['text', 'ssl_server_name'],
};

/** Variables with a name: a request or response header, a cookie. */
const prefixes: readonly (readonly [prefix: string, column: string])[] = [
  ['http_', ''],
  ['sent_http_', 'out_'],
  ['cookie_', 'cookie_'],
];

/**
 * The variable of this name, without its dollar sign. A name unknown to nginx may be one of our columns, such as
 * `duration_ms`; any other is text that may be personal.
 */
export function findVariable(name: string): Directive {
  const [kind, column, personal] = variables[name] ?? [];
  if (kind !== undefined && column !== undefined) return { kind, column: toColumn(kind, column, personal) };
  for (const [prefix, before] of prefixes)
    if (name.startsWith(prefix)) return headerDirective(before + name.slice(prefix.length));
  // A list of upstream servers tried, separated by commas and colons.
  if (name.startsWith('upstream_')) return { kind: 'list', column: { name, type: 'text' } };
  return ownDirective(name) ?? { kind: 'text', column: { name, type: 'text', personal: 'name' } };
}

/** The variables that fill exactly this column. */
export function variablesOf(column: string): string[] {
  const ofColumn = ([, [kind, name]]: readonly [string, readonly [FieldKind, string, Personal?]]) =>
    name === column && kind !== 'request';
  return Object.entries(variables)
    .filter(ofColumn)
    .map(([name]) => name);
}
