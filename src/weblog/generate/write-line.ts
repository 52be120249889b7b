/**
 * The formats of an access-log line, and lines written in them.
 *
 * Each format is a template. What stands around a field goes into the field's pieces beforehand, so that a line is
 * eight pieces put together.
 */

import { formatTime } from '../../readings/time.ts';
import type { Pools } from './value-pools.ts';
import type { Visit } from './visitors.ts';

export const FORMATS = ['seed', 'common', 'combined', 'json'] as const;
export type Format = (typeof FORMATS)[number];

const COMMON = '<remote_addr> - - [<time> +0000] "<method> <path> HTTP/1.1" <status> <bytes>';

const TEMPLATES: Readonly<Record<Format, string>> = {
  seed: '<remote_addr> - - [<time>] "<method> <path> HTTP/1.1" [<status>] <bytes> "<referer>" "<user_agent>"\n',
  common: `${COMMON}\n`,
  combined: `${COMMON} "<referer>" "<user_agent>"\n`,
  json:
    '{"remote_addr":"<remote_addr>","ident":null,"user":null,"time":"<time>Z","method":"<method>","path":"<path>",' +
    '"protocol":"HTTP/1.1","status":<status>,"bytes":<bytes>,"referer":<referer>,"user_agent":"<user_agent>"}\n',
};

export const METHODS = ['GET', 'POST', 'PUT'] as const;
export const MOST_BYTES = 999;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const HOUR = 3_600_000;

/** What a line says; a text is its place in its pool. */
export interface Request {
  readonly visit: Visit;
  /** Epoch milliseconds. */
  readonly time: number;
  /** Of METHODS. */
  readonly method: number;
  readonly status: number;
  /** At most MOST_BYTES. */
  readonly bytes: number;
}

/** Writes requests in a format, each as a line with its newline. */
export function lineWriter(format: Format, pools: Pools): (request: Request) => string {
  const template = TEMPLATES[format];
  const addresses = piecesOf(template, 'remote_addr', pools.addresses);
  const methods = piecesOf(template, 'method', METHODS);
  const paths = piecesOf(template, 'path', pools.paths);
  const statuses = piecesOf(template, 'status', numbersTo(999));
  const lengths = piecesOf(template, 'bytes', numbersTo(MOST_BYTES));
  const referers = piecesOf(template, 'referer', pools.referers.map(format === 'json' ? textOrNull : String));
  const agents = piecesOf(template, 'user_agent', pools.agents);
  const timeOf = timeWriter(
    format === 'json' ? isoHour : apacheHour,
    piecesOf(template, 'time', clockTimes()),
  );
  return ({ visit, time, method, status, bytes }) =>
    `${addresses[visit.address]}${timeOf(time)}${methods[method]}${paths[visit.path]}` +
    `${statuses[status]}${lengths[bytes]}${referers[visit.referer]}${agents[visit.agent]}`;
}

/** Each text with what follows it in the template, and the first field's with what precedes it; empty where it has no such field. */
function piecesOf(template: string, field: string, texts: readonly string[]): string[] {
  const [before = '', rest] = template.split(`<${field}>`);
  const first = before.includes('<') ? '' : before;
  const next = rest?.split('<', 1)[0];
  return texts.map((text) => (next === undefined ? '' : [first, text, next].join('')));
}

function numbersTo(most: number): string[] {
  return Array.from({ length: most + 1 }, (_, number) => String(number));
}

/** The minutes and seconds of an hour. */
function clockTimes(): string[] {
  return Array.from({ length: 3600 }, (_, second) =>
    formatTime(second * 1000).slice('1970-01-01T00:'.length, -1),
  );
}

function textOrNull(text: string): string {
  return text === '-' ? 'null' : JSON.stringify(text);
}

/** An hour's text is kept: most times are of the hour of the one before. */
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
