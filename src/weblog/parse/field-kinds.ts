/** The kinds of fields of a log line: the texts that each of them takes, and their values. */

import { isAddress } from './ip-address.ts';

/**
 * What the text of a field must be. `host` and `word` have no blanks, `user` may have some; `hosts` is one host or several,
 * separated by commas, and `list` the same for any words. `time` stands in brackets, `bareTime` does not, `epoch` is a number. `status` and `count` are whole numbers, `decimal` may have a fraction. A `flag` is not null when it is `-`.
 *
 * Some tell a format from all others: `addresses` is a list of IP addresses, `client` one that is not null, and `domain` a
 * name that is no address.
 */
export type FieldKind =
  | 'host'
  | 'hosts'
  | 'addresses'
  | 'client'
  | 'domain'
  | 'list'
  | 'word'
  | 'user'
  | 'time'
  | 'bareTime'
  | 'epoch'
  | 'request'
  | 'status'
  | 'count'
  | 'decimal'
  | 'text'
  | 'flag';

/** An address or a host name, with or without a port. */
const HOST = String.raw`(?:\[[\dA-Fa-f:.]+(?:%[\w.-]+)?\](?::\d+)?|[\w.:%-]+)`;
const LISTED = `(?!-(?:,|$))${HOST}`;
const LIST = /, ?/;

/** The text of each kind of field, as it is in the log, and the problem with a text that is not like that. */
const checks: Readonly<Partial<Record<FieldKind, readonly [{ test(text: string): boolean }, string]>>> = {
  host: [new RegExp(`^${HOST}$`), 'not an address or a host name'],
  hosts: [new RegExp(`^${LISTED}(?:, ?${LISTED})*$`), 'not an address or a host name'],
  addresses: [{ test: areAddresses }, 'not an IP address'],
  client: [{ test: areAddresses }, 'not an IP address'],
  domain: [/^(?=[^a-z_]*[a-z_])[\w.-]+$/i, 'not a domain name'],
  word: [/^[^ \t-\r"]+$/, 'not one word'],
  user: [/^(?! )(?:[^"\\\t]|\\.)+$(?<! )/, 'not a user'],
  status: [/^\d{3}$/, 'not three digits'],
  count: [/^(?:0|[1-9]\d{0,17})$/, 'not a whole number'],
  decimal: [/^(?:0|[1-9]\d{0,17})(?:\.\d{1,18})?$/, 'not a number'],
  flag: [/^[^ \t-\r"]+$/, 'not one word'],
};

/** What is wrong with the text of a field of this kind, for a message; undefined if nothing. */
export function problemOf(kind: FieldKind, text: string): string | undefined {
  const [rule, problem] = checks[kind] ?? [];
  return rule === undefined || rule.test(text) ? undefined : problem;
}

/** Whether fields of this kind hold hosts, of which an IPv6 address may stand in brackets. */
export function holdsHosts(kind: FieldKind): boolean {
  return kind === 'host' || isListOfHosts(kind);
}

/** Whether a field of this kind may be a list of hosts, with blanks after its commas. */
export function isListOfHosts(kind: FieldKind): boolean {
  return kind === 'hosts' || kind === 'addresses' || kind === 'client';
}

/** Whether a number is what fields of this kind hold. */
export function isNumeric(kind: FieldKind): boolean {
  return kind === 'status' || kind === 'count' || kind === 'decimal';
}

/**
 * The value of a field that has no problem.
 *
 * @param text its text, a byte per character
 * @param decode what its escapes mean
 */
export function fieldValue(kind: FieldKind, text: string, decode: (bytes: string) => string): string {
  if (kind === 'status') return statusNumber(text);
  return holdsHosts(kind) ? withoutBrackets(text) : decode(text);
}

/** The number of a status of three digits: nginx writes 000 and 009, which would not be JSON. */
export function statusNumber(digits: string): string {
  return digits.replace(/^00?(?=\d)/, '');
}

function areAddresses(text: string): boolean {
  return text.split(LIST).every((part) => isAddress(part.replace(/^\[(.*)\]$/, '$1')));
}

/** Hosts, of which IPv6 addresses without a port lose their brackets. */
function withoutBrackets(hosts: string): string {
  return hosts.includes('[') ? hosts.replace(/\[([^\]]*)\](?!:)/g, '$1') : hosts;
}
