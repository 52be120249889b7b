/**
 * Lines that are broken as lines break in real life, each so that no reader of the format can take it for a request.
 *
 * A kind is named for what is wrong; `joined` is half a line, and then a whole one, as a torn write leaves them.
 */

import type { Random } from './random.ts';
import type { Format } from './write-line.ts';

export const BREAKS = [
  'binary',
  'blank',
  'cut',
  'extra text',
  'joined',
  'no bracket',
  'no quote',
  'wrong bytes',
  'wrong status',
  'wrong time',
] as const;

export type Break = (typeof BREAKS)[number];

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const LONGEST_BINARY = 200;
/** How the handshake of TLS begins, which servers find in front of a port without it. */
const HANDSHAKE = '\x16\x03\x01';
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
  '2019-Apr-30 21:11:42',
  '2019-04-30',
] as const;

/** What becomes of a line; a character is a byte, and there are no newlines. */
export function breakLine(line: string, kind: Break, format: Format, random: Random): string {
  const half = (shortest: number) =>
    line.slice(0, shortest + random.below(requestEnd(line, format) - shortest));
  switch (kind) {
    case 'binary':
      return binary(random);
    case 'blank':
      return '';
    case 'cut':
      return half(1);
    case 'extra text':
      return `${line} and more`;
    case 'joined':
      // Behind less than that the whole line would be one of another address.
      return half(line.indexOf('"') + 1) + line;
    default:
      return (format === 'json' ? breakJson : breakText)(line, kind, random);
  }
}

/** Until here no reader takes it for whole; further on, half a combined line is a common one. */
function requestEnd(line: string, format: Format): number {
  return format === 'json' ? line.length : line.indexOf(' HTTP/1.1"');
}

type Change = 'no bracket' | 'no quote' | 'wrong bytes' | 'wrong status' | 'wrong time';

function breakText(line: string, kind: Change, random: Random): string {
  switch (kind) {
    case 'no bracket':
      return line.replace(/\[(.*?)\]/, '$1');
    case 'no quote':
      return line.replace(random.pick([/"/, / HTTP\/1\.1"/]), '');
    case 'wrong bytes':
      return line.replace(/(" \[?\d+\]? )\d+/, `$1${random.pick(BAD_BYTES)}`);
    case 'wrong status':
      return line.replace(/(" \[?)\d+/, `$1${random.pick(BAD_STATUSES)}`);
    case 'wrong time':
      return line.replace(/\[[^\] ]+/, `[${random.pick(BAD_TIMES)}`);
  }
}

function breakJson(line: string, kind: Change, random: Random): string {
  switch (kind) {
    case 'no bracket':
      return line.slice(1);
    case 'no quote':
      return line.replace(random.pick([/"/, /"(?=,"protocol")/]), '');
    case 'wrong bytes':
      return line.replace(/("bytes":)\d+/, `$1"${random.pick(BAD_BYTES)}"`);
    case 'wrong status':
      return line.replace(/("status":)\d+/, `$1"${random.pick(BAD_STATUSES)}"`);
    case 'wrong time':
      return line.replace(/("time":")[^"]+/, `$1${random.pick(BAD_JSON_TIMES)}`);
  }
}

/** Any bytes but those that end a line. */
function binary(random: Random): string {
  const codes = Array.from({ length: 1 + random.below(LONGEST_BINARY) }, () => random.below(256));
  const inLine = codes.filter((code) => code !== NEWLINE && code !== CARRIAGE_RETURN);
  return HANDSHAKE + String.fromCharCode(...inLine);
}
