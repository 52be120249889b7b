/**
 * Lines that are broken as lines break in real life, each so that no reader of its format can take it for a request.
 *
 * A kind is named for what is wrong; `joined` is half a line and then a whole one, as a torn write leaves them.
 */

import type { Random } from './seeded-random.ts';
import type { Format } from './write-line.ts';

export const BREAKS = [
  'binary',
  'blank',
  'cut',
  'extra_text',
  'joined',
  'no_bracket',
  'no_quote',
  'wrong_bytes',
  'wrong_status',
  'wrong_time',
] as const;

export type Break = (typeof BREAKS)[number];
type Breakers = Readonly<Record<Break, (line: string, random: Random) => string>>;

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
/** How TLS begins, which servers hear on a port without it. */
const HANDSHAKE = '\x16\x03\x01';
const LONGEST_BINARY = 200;
const BAD_BYTES = ['-5', '1.5', '12k', '0x1f', '1 2'] as const;
const BAD_STATUSES = ['OK', '20', '2x0', '-200', '1000'] as const;
const BAD_TIMES = [
  '31/Feb/2019:21:11:42',
  '30/Apr/2019:25:11:42',
  '30/Foo/2019:21:11:42',
  '30/Apr/2019',
] as const;
const BAD_JSON_TIMES = [
  '2019-02-31T21:11:42Z',
  '2019-04-30T25:11:42Z',
  '2019-Foo-30T21:11:42Z',
  '2019-04-30',
] as const;

const anyFormat = {
  binary: (_: string, random: Random) => binary(random),
  blank: () => '',
  extra_text: (line: string) => `${line} and more`,
};

const text: Breakers = {
  ...anyFormat,
  cut: (line, random) => shortened(line, 1, requestEnd(line), random),
  // Behind less than the request's quote the whole line would be one of another address.
  joined: (line, random) => shortened(line, line.indexOf('"') + 1, requestEnd(line), random) + line,
  no_bracket: (line) => line.replace(/\[(.*?)\]/, '$1'),
  no_quote: (line, random) => line.replace(random.pick([/"/, /"(?= \[?\d)/]), ''),
  wrong_bytes: (line, random) => line.replace(/(" \[?\d+\]? )\d+/, `$1${random.pick(BAD_BYTES)}`),
  wrong_status: (line, random) => line.replace(/(" \[?)\d+/, `$1${random.pick(BAD_STATUSES)}`),
  wrong_time: (line, random) => line.replace(/\[[^\] ]+/, `[${random.pick(BAD_TIMES)}`),
};

const json: Breakers = {
  ...anyFormat,
  cut: (line, random) => shortened(line, 1, line.length, random),
  joined: (line, random) => shortened(line, 1, line.length, random) + line,
  no_bracket: (line) => line.slice(1),
  no_quote: (line, random) => line.replace(random.pick([/"/, /"(?=,"protocol")/]), ''),
  wrong_bytes: (line, random) => line.replace(/("bytes":)\d+/, `$1"${random.pick(BAD_BYTES)}"`),
  wrong_status: (line, random) => line.replace(/("status":)\d+/, `$1"${random.pick(BAD_STATUSES)}"`),
  wrong_time: (line, random) => line.replace(/("time":")[^"]+/, `$1${random.pick(BAD_JSON_TIMES)}`),
};

/** What becomes of a line; a character is a byte, and there is no newline. */
export function breakLine(line: string, kind: Break, format: Format, random: Random): string {
  return (format === 'json' ? json : text)[kind](line, random);
}

/** Until here it is half a line for every reader; half a combined line may be a common one. */
function requestEnd(line: string): number {
  return line.indexOf(' HTTP/1.1"');
}

/** To a length from `shortest` to less than `limit`. */
function shortened(line: string, shortest: number, limit: number, random: Random): string {
  return line.slice(0, shortest + random.below(limit - shortest));
}

/** Any bytes but those that end a line. */
function binary(random: Random): string {
  const codes = Array.from({ length: 1 + random.below(LONGEST_BINARY) }, () => random.below(256));
  const inLine = codes.filter((code) => code !== NEWLINE && code !== CARRIAGE_RETURN);
  return HANDSHAKE + String.fromCharCode(...inLine);
}
