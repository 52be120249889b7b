/**
 * Formats access-log lines.
 *
 * Each format is a template. The text around a field is joined with every possible value in advance, so that a line is
 * the concatenation of eight pieces.
 */

import { formatTime } from '../../readings/time.ts';
import type { ValuePools } from './value-pools.ts';
import type { Visit } from './visitors.ts';

/** The formats of `--format`. */
export const LINE_FORMATS = ['seed', 'common', 'combined', 'json', 'main', 'vhost', 'nginx-json'] as const;
/** One of LINE_FORMATS; `main` is that of nginx's packages, `nginx-json` uses the names of nginx's variables. */
export type LineFormat = (typeof LINE_FORMATS)[number];

const COMMON = '<remote_addr> - - [<time> +0000] "<method> <path> HTTP/1.1" <status> <bytes>';

const COMBINED = `${COMMON} "<referer>" "<user_agent>"`;

const TEMPLATES: Readonly<Record<LineFormat, string>> = {
  seed: '<remote_addr> - - [<time>] "<method> <path> HTTP/1.1" [<status>] <bytes> "<referer>" "<user_agent>"\n',
  common: `${COMMON}\n`,
  combined: `${COMBINED}\n`,
  main: `${COMBINED} "-"\n`,
  vhost: `www.example.org:443 ${COMBINED}\n`,
  json:
    '{"remote_addr":"<remote_addr>","ident":null,"user":null,"time":"<time>Z","method":"<method>","path":"<path>",' +
    '"protocol":"HTTP/1.1","status":<status>,"bytes":<bytes>,"referer":<referer>,"user_agent":"<user_agent>"}\n',
  'nginx-json':
    '{"remote_addr":"<remote_addr>","remote_user":"","time_local":"<time> +0000","request":"<method> <path> HTTP/1.1",' +
    '"status":"<status>","body_bytes_sent":"<bytes>","http_referer":<referer>,"http_user_agent":"<user_agent>"}\n',
};

/** The methods of generated requests. */
export const METHODS = ['GET', 'POST', 'PUT'] as const;
/** Maximum size of a response in bytes. */
export const MAX_BYTES = 999;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const HOUR = 3_600_000;

/** The values of a line. */
interface LoggedRequest {
  readonly visit: Visit;
  /** Epoch milliseconds. */
  readonly time: number;
  /** An index into METHODS. */
  readonly method: number;
  /** From 0 to 999. */
  readonly status: number;
  /** From 0 to MAX_BYTES. */
  readonly bytes: number;
}

/** A function from a request to its line in this format, with its newline. */
export function lineWriter(format: LineFormat, pools: ValuePools): (request: LoggedRequest) => string {
  const template = TEMPLATES[format];
  const addresses = piecesOf(template, 'remote_addr', pools.addresses);
  const methods = piecesOf(template, 'method', METHODS);
  const paths = piecesOf(template, 'path', pools.paths);
  const statuses = piecesOf(template, 'status', numbersTo(999));
  const lengths = piecesOf(template, 'bytes', numbersTo(MAX_BYTES));
  const referers = piecesOf(template, 'referer', pools.referers.map(refererWriter(format)));
  const agents = piecesOf(template, 'user_agent', pools.agents);
  const timeOf = timeWriter(
    format === 'json' ? isoHour : apacheHour,
    piecesOf(template, 'time', clockTimes()),
  );
  return ({ visit, time, method, status, bytes }) =>
    `${addresses[visit.address]}${timeOf(time)}${methods[method]}${paths[visit.path]}` +
    `${statuses[status]}${lengths[bytes]}${referers[visit.referer]}${agents[visit.agent]}`;
}

/** Each value with the template's text after it, and before the first field; empty if the template lacks the field. */
function piecesOf(template: string, field: string, texts: readonly string[]): string[] {
  const [before = '', rest] = template.split(`<${field}>`);
  const first = before.includes('<') ? '' : before;
  const next = rest?.split('<', 1)[0];
  return texts.map((text) => (next === undefined ? '' : [first, text, next].join('')));
}

function numbersTo(most: number): string[] {
  return Array.from({ length: most + 1 }, (_, number) => String(number));
}

/** The minutes and seconds of an hour, `mm:ss`. */
function clockTimes(): string[] {
  return Array.from({ length: 3600 }, (_, second) =>
    formatTime(second * 1000).slice('1970-01-01T00:'.length, -1),
  );
}

/** A function from a referer, `-` for none, to its text. */
function refererWriter(format: LineFormat): (referer: string) => string {
  if (format === 'json') return (text) => (text === '-' ? 'null' : JSON.stringify(text));
  return format === 'nginx-json' ? (text) => JSON.stringify(text === '-' ? '' : text) : String;
}

/** A function from a time to its text. Caches the text of the hour, which most consecutive lines share. */
function timeWriter(hourText: (time: number) => string, clock: readonly string[]): (time: number) => string {
  let known = Number.NaN;
  let text = '';
  return (time) => {
    const hour = Math.floor(time / HOUR);
    if (hour !== known) text = hourText(hour * HOUR);
    known = hour;
    return `${text}${clock[Math.floor((time - hour * HOUR) / 1000)]}`;
  };
}

function isoHour(time: number): string {
  return formatTime(time).slice(0, 'YYYY-MM-DDThh:'.length);
}

function apacheHour(time: number): string {
  const [year, month, day, hour] = formatTime(time).split(/[-T:]/);
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${hour}:`;
}
