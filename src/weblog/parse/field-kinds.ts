/** The kinds of fields of a log line: the texts that each of them takes, and their values. */

import { unescapeText } from './unescape.ts';

/**
 * What the text of a field must be: `host` and `word` have no blanks, `hosts` is one host or several with commas between them,
 * `user` may have some blanks, `status` and `count` are whole numbers, `decimal` may have a fraction, and a `flag` is not null
 * when it is `-`.
 */
export type FieldKind =
  | 'host'
  | 'hosts'
  | 'word'
  | 'user'
  | 'time'
  | 'request'
  | 'status'
  | 'count'
  | 'decimal'
  | 'text'
  | 'flag';

/** An address or a host name, with or without a port. */
const HOST = String.raw`(?:\[[\dA-Fa-f:.]+(?:%[\w.-]+)?\](?::\d+)?|[\w.:%-]+)`;
const LISTED = `(?!-(?:,|$))${HOST}`;

/** The pattern of each kind of field, as it is in the log, and the problem with a text that does not match. */
const checks: Readonly<Partial<Record<FieldKind, readonly [RegExp, string]>>> = {
  host: [new RegExp(`^${HOST}$`), 'not an address or a host name'],
  hosts: [new RegExp(`^${LISTED}(?:, ?${LISTED})*$`), 'not an address or a host name'],
  word: [/^[^ \t-\r"]+$/, 'not one word'],
  user: [/^(?! )(?:[^"\\\t]|\\.)+$(?<! )/, 'not a user'],
  status: [/^\d{3}$/, 'not three digits'],
  count: [/^(?:0|[1-9]\d{0,17})$/, 'not a whole number'],
  decimal: [/^(?:0|[1-9]\d{0,17})(?:\.\d{1,18})?$/, 'not a number'],
  flag: [/^[^ \t-\r"]+$/, 'not one word'],
};

/** What is wrong with the text of a field of this kind, for a message; undefined if nothing. */
export function problemOf(kind: FieldKind, text: string): string | undefined {
  const [pattern, problem] = checks[kind] ?? [];
  return pattern === undefined || pattern.test(text) ? undefined : problem;
}

/** Whether fields of this kind hold hosts, of which an IPv6 address may stand in brackets. */
export function holdsHosts(kind: FieldKind): boolean {
  return kind === 'host' || kind === 'hosts';
}

/** Whether a number is what fields of this kind hold. */
export function isNumeric(kind: FieldKind): boolean {
  return kind === 'status' || kind === 'count' || kind === 'decimal';
}

/** The value of a field that has no problem. @param raw its text, a byte per character */
export function fieldValue(kind: FieldKind, raw: string): string {
  if (kind === 'status') return statusNumber(raw);
  return holdsHosts(kind) ? withoutBrackets(raw) : unescapeText(raw);
}

/** The number of a status of three digits: nginx writes 000 and 009, which would not be JSON. */
export function statusNumber(digits: string): string {
  return digits.replace(/^00?(?=\d)/, '');
}

/** Hosts, of which IPv6 addresses without a port lose their brackets. */
function withoutBrackets(hosts: string): string {
  return hosts.includes('[') ? hosts.replace(/\[([^\]]*)\](?!:)/g, '$1') : hosts;
}
