/** The kinds of fields in a log line: valid texts, and their values. */

import { isAddress } from './ip-address.ts';

/**
 * The syntax of a field. `host` and `word` contain no blanks, `user` may; `hosts` is one or more hosts, separated by
 * commas, and `list` the same for any words. `time` is in brackets, `bareTime` is not, `epoch` is a number. `status`
 * and `count` are integers, `decimal` may have a fraction. For a `flag`, `-` is not null.
 *
 * Some kinds identify a format: `addresses` is a list of IP addresses, `client` one that is not null, and `domain` a
 * name that is not an address.
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

/** The syntax of each kind of field as it is in the log, and the problem when it does not match. */
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

/** The problem with a field's text, for a message; undefined when it is valid. */
export function problemOf(kind: FieldKind, text: string): string | undefined {
  const [rule, problem] = checks[kind] ?? [];
  return rule === undefined || rule.test(text) ? undefined : problem;
}

/** Whether fields of this kind contain hosts, among which IPv6 addresses may be in brackets. */
export function holdsHosts(kind: FieldKind): boolean {
  return kind === 'host' || isListOfHosts(kind);
}

/** Whether fields of this kind may be lists of hosts, with blanks after commas. */
export function isListOfHosts(kind: FieldKind): boolean {
  return kind === 'hosts' || kind === 'addresses' || kind === 'client';
}

/** Whether fields of this kind contain a number. */
export function isNumeric(kind: FieldKind): boolean {
  return kind === 'status' || kind === 'count' || kind === 'decimal';
}

/** The value of a valid field. @param text its bytes, decoded as Latin-1 @param decode decodes escapes */
export function fieldValue(kind: FieldKind, text: string, decode: (bytes: string) => string): string {
  if (kind === 'status') return statusNumber(text);
  return holdsHosts(kind) ? withoutBrackets(text) : decode(text);
}

/** A three-digit status as a number: nginx writes 000 and 009, which is not valid JSON. */
export function statusNumber(digits: string): string {
  return digits.replace(/^00?(?=\d)/, '');
}

function areAddresses(text: string): boolean {
  return text.split(LIST).every((part) => isAddress(part.replace(/^\[(.*)\]$/, '$1')));
}

/** Removes the brackets of IPv6 addresses without a port. */
function withoutBrackets(hosts: string): string {
  return hosts.includes('[') ? hosts.replace(/\[([^\]]*)\](?!:)/g, '$1') : hosts;
}
