/**
 * Malformed lines as they occur in real logs: no parser of the format can take one for a request.
 *
 * Each kind is named after its defect; `joined` is half a line followed by a whole one, as after a torn write.
 */

import type { RandomSource } from './seeded-random.ts';
import type { LineFormat } from './write-line.ts';

/** All kinds in alphabetical order, as named in `--truth`. */
export const DEFECTS = [
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

/** One of DEFECTS. */
export type Defect = (typeof DEFECTS)[number];
type LineBreakers = Readonly<Record<Defect, (line: string, random: RandomSource) => string>>;

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
/** The start of a TLS handshake, which a plain HTTP server logs as a request. */
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
  binary: (_: string, random: RandomSource) => binary(random),
  blank: () => '',
  extra_text: (line: string) => `${line} and more`,
};

const text: LineBreakers = {
  ...anyFormat,
  cut: (line, random) => shortened(line, 1, requestEnd(line), random),
  // Cut before the request's opening quote, the result would be a valid line with another address.
  joined: (line, random) => shortened(line, line.indexOf('"') + 1, requestEnd(line), random) + line,
  no_bracket: (line) => line.replace(/\[(.*?)\]/, '$1'),
  no_quote: (line, random) => line.replace(random.pick([/"/, /"(?= \[?\d)/]), ''),
  wrong_bytes: (line, random) => line.replace(/(" \[?\d+\]? )\d+/, `$1${random.pick(BAD_BYTES)}`),
  wrong_status: (line, random) => line.replace(/(" \[?)\d+/, `$1${random.pick(BAD_STATUSES)}`),
  wrong_time: (line, random) => line.replace(/\[[^\] ]+/, `[${random.pick(BAD_TIMES)}`),
};

const json: LineBreakers = {
  ...anyFormat,
  cut: (line, random) => shortened(line, 1, line.length, random),
  joined: (line, random) => shortened(line, 1, line.length, random) + line,
  no_bracket: (line) => line.slice(1),
  no_quote: (line, random) => line.replace(random.pick([/"/, /"(?=,"(?:protocol|status)")/]), ''),
  wrong_bytes: (line, random) => line.replace(/(bytes\w*":)"?\d+"?/, `$1"${random.pick(BAD_BYTES)}"`),
  wrong_status: (line, random) => line.replace(/("status":)"?\d+"?/, `$1"${random.pick(BAD_STATUSES)}"`),
  wrong_time: (line, random) => line.replace(/("time\w*":")[^"]+/, `$1${random.pick(BAD_JSON_TIMES)}`),
};

/** The line with this defect. @param line a valid line of this format: bytes decoded as Latin-1, without newline */
export function breakLine(line: string, defect: Defect, format: LineFormat, random: RandomSource): string {
  return (format.endsWith('json') ? json : text)[defect](line, random);
}

/** The end of the request: cut later, a combined line could be a valid common one. */
function requestEnd(line: string): number {
  return line.indexOf(' HTTP/1.1"');
}

/** The first `shortest` to `limit` - 1 bytes of the line. */
function shortened(line: string, shortest: number, limit: number, random: RandomSource): string {
  return line.slice(0, shortest + random.below(limit - shortest));
}

/** Random bytes, except line ends. */
function binary(random: RandomSource): string {
  const codes = Array.from({ length: 1 + random.below(LONGEST_BINARY) }, () => random.below(256));
  const inLine = codes.filter((code) => code !== NEWLINE && code !== CARRIAGE_RETURN);
  return HANDSHAKE + String.fromCharCode(...inLine);
}
