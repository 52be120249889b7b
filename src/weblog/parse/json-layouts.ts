/** Which members of JSON lines describe the request: in our own lines, nginx's, Caddy's and Traefik's. */

import type { Column } from './log-columns.ts';
import { variablesOf } from './nginx-variables.ts';

/** Columns of JSON lines beyond the standard ones. */
export const jsonColumns: readonly Column[] = [
  { name: 'server_name', type: 'text' },
  { name: 'port', type: 'number' },
  { name: 'host', type: 'text' },
  { name: 'x_forwarded_for', type: 'text', personal: 'address' },
  { name: 'duration_s', type: 'number' },
  { name: 'bytes_sent', type: 'number' },
  { name: 'bytes_received', type: 'number' },
];

/** A JSON object; numbers that JavaScript would not reproduce are LosslessNumber. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A server's names for the members of its lines. */
export interface JsonLayout {
  isOf(line: JsonObject): boolean;
  /** The members that may fill a column, best first, each as a path. */
  membersOf(column: string): readonly Path[];
  /** Converts the text of a member for a column. */
  adapt(column: string, text: string): string;
}

type Path = readonly string[];
type Names = Readonly<Record<string, readonly string[]>>;

/** Caddy's, with paths joined by slashes. https://caddyserver.com/docs/logging */
const caddy: Names = {
  time: ['ts'],
  remote_addr: ['request/client_ip', 'request/remote_ip', 'request/remote_addr'],
  user: ['user_id'],
  method: ['request/method'],
  path: ['request/uri'],
  protocol: ['request/proto'],
  status: ['status'],
  bytes: ['size'],
  referer: ['request/headers/Referer'],
  user_agent: ['request/headers/User-Agent'],
  x_forwarded_for: ['request/headers/X-Forwarded-For'],
  host: ['request/host'],
  duration_s: ['duration'],
  bytes_received: ['bytes_read'],
};

/** Traefik's, with durations in nanoseconds. https://doc.traefik.io/traefik/observe/logs-and-access-logs/ */
const traefik: Names = {
  time: ['StartUTC', 'StartLocal', 'time'],
  remote_addr: ['ClientHost', 'ClientAddr'],
  user: ['ClientUsername'],
  method: ['RequestMethod'],
  path: ['RequestPath'],
  protocol: ['RequestProtocol'],
  status: ['DownstreamStatus'],
  bytes: ['DownstreamContentSize'],
  referer: ['request_Referer'],
  user_agent: ['request_User-Agent'],
  x_forwarded_for: ['request_X-Forwarded-For'],
  host: ['RequestHost'],
  duration_s: ['Duration'],
  bytes_received: ['RequestContentSize'],
};

/** Names of the time in lines that otherwise use nginx's variables. */
const times = ['time', 'time_iso8601', 'time_local', 'msec', '@timestamp', 'timestamp'];

/** The known layouts; the last one matches any line. */
export const jsonLayouts: readonly JsonLayout[] = [
  {
    isOf: ({ request }) => isObject(request),
    membersOf: (column) => pathsOf(caddy, column),
    adapt: (column, text) => (column === 'remote_addr' ? withoutPort(text) : text),
  },
  {
    isOf: (line) => 'DownstreamStatus' in line || 'RequestMethod' in line,
    membersOf: (column) => pathsOf(traefik, column),
    adapt: (column, text) =>
      column === 'remote_addr' ? withoutPort(text) : column === 'duration_s' ? secondsOf(text) : text,
  },
  {
    isOf: () => true,
    membersOf: (column) =>
      (column === 'time' ? times : [column, ...variablesOf(column), `http_${column}`]).map((name) => [name]),
    adapt: (_, text) => text,
  },
];

/** The value of a member; undefined when it is missing. A header may be a list of texts, which are joined. */
export function findMember(line: JsonObject, path: Path): unknown {
  let value: unknown = line;
  // Safe for inherited properties: no name in the tables above is one, such as `constructor`.
  for (const name of path) value = isObject(value) ? value[name] : undefined;
  if (!Array.isArray(value) || !path.includes('headers')) return value;
  const texts: readonly unknown[] = value;
  return texts.every((text) => typeof text === 'string') ? texts.join(', ') : value;
}

/** Whether a value of JSON is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pathsOf(names: Names, column: string): Path[] {
  return (names[column] ?? []).map((name) => name.split('/'));
}

/** The address without its port. */
function withoutPort(address: string): string {
  return address.replace(/^(\[[^\]]*\]|[^:]*):\d+$/, '$1');
}

/** Converts integer nanoseconds to seconds, with all digits; returns any other text unchanged. */
function secondsOf(nanoseconds: string): string {
  if (!/^\d{1,18}$/.test(nanoseconds)) return nanoseconds;
  const digits = nanoseconds.padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
