/** IPv4 and IPv6 addresses as they occur in logs. */

/** Eight 16-bit groups; an IPv4 address is IPv4-mapped. */
type Address = readonly number[];

const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);
const MAPPED = [0, 0, 0, 0, 0, 0xffff];
const GROUPS = 8;
/** The 6to4 prefix: the next 32 bits are an IPv4 address. */
const SIX_TO_FOUR = 0x2002;

/** The address in a text, ignoring a port and a zone. Undefined for anything else, such as a host name. */
export function parseAddress(text: string): Address | undefined {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\](?::\d+)?|(.*))$/s.exec(text) ?? [];
  const bare = (bracketed ?? plain ?? '').replace(/%.*$/s, '');
  return parseIpv4(bare.replace(/:\d+$/, '')) ?? parseIpv6(bare);
}

/** Whether a text is exactly an address: no port, no zone, no brackets. */
export function isAddress(text: string): boolean {
  return (parseIpv4(text) ?? parseIpv6(text)) !== undefined;
}

function parseIpv4(text: string): Address | undefined {
  const match = IPV4.exec(text);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = match.slice(1).map(Number);
  return [...MAPPED, a * 256 + b, c * 256 + d];
}

function parseIpv6(text: string): Address | undefined {
  const halves = text.split('::').map(parseGroups);
  const [head, tail] = halves;
  if (head === undefined || halves.length > 2 || halves.includes(undefined)) return undefined;
  if (tail === undefined) return head.length === GROUPS ? head : undefined;
  const zeros = GROUPS - head.length - tail.length;
  return zeros < 1 ? undefined : [...head, ...new Array<number>(zeros).fill(0), ...tail];
}

/** The groups in a text without `::`, the last of which may be an IPv4 address; none for an empty text. */
function parseGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [at, part] of parts.entries()) {
    const ipv4 = at === parts.length - 1 ? parseIpv4(part) : undefined;
    if (ipv4 !== undefined) groups.push(...ipv4.slice(MAPPED.length));
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

/** Zeroes the last octet (IPv4) or the last 80 bits (IPv6) of an address. */
export function maskAddress(address: Address): Address {
  const [a = 0, b = 0, c = 0, , , , , last = 0] = address;
  if (isMapped(address)) return [...address.slice(0, -1), last & 0xff00];
  return [a, b, a === SIX_TO_FOUR ? c & 0xff00 : c, 0, 0, 0, 0, 0];
}

/** Formats an address by RFC 5952: lower case, with the longest run of zeros compressed. */
export function formatAddress(address: Address): string {
  if (isMapped(address)) {
    return address
      .slice(MAPPED.length)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.');
  }
  const text = address.map((group) => group.toString(16)).join(':');
  const longest = [...text.matchAll(/\b0(?::0)+\b/g)].sort(([one], [other]) => other.length - one.length)[0];
  if (longest === undefined) return text;
  const [zeros] = longest;
  const before = text.slice(0, longest.index).replace(/:$/, '');
  return `${before}::${text.slice(longest.index + zeros.length).replace(/^:/, '')}`;
}

function isMapped(address: Address): boolean {
  return MAPPED.every((group, at) => address[at] === group);
}
