/** Access logs with many odd or broken lines, generated from a seed. */

import { seeded } from '../../random.ts';

type Random = () => number;

const pick = <Item>(random: Random, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)] as Item;

const HOSTS = [
  '1.2.3.4',
  '::1',
  '2001:db8::7',
  'host.example',
  'a_b-c',
  '10.0.0.1:80',
  '-',
  '',
  'x y',
  'küche',
  '"',
  'a,b',
  '[::1]',
  '[::1]:443',
  '10.0.0.1, ::2',
  '10.0.0.1,',
];
const WORDS = ['-', '-', '-', '-', 'bob', 'a,b', '{x', 'john smith', '""', 'x\\"y', '- -', '[', 'ü', ''];
const TIMES = [
  '[30/Apr/2019:21:11:42 +0000]',
  '[30/Apr/2019:21:11:42 +0000]',
  '[30/Apr/2019:23:59:60 -0730]',
  '[29/Feb/2016:00:00:00 +0200]',
  '[29/Feb/2000:00:00:00 +2359]',
  '[29/Feb/2015:00:00:00 +0200]',
  '[29/Feb/1900:00:00:00 +0200]',
  '[31/Apr/2019:00:00:00 +0000]',
  '[00/Apr/2019:00:00:00 +0000]',
  '[30/apr/2019:00:00:00 +0000]',
  '[30/Apr/2019:24:00:00 +0000]',
  '[30/Apr/2019:23:60:00 +0000]',
  '[30/Apr/2019:23:00:61 +0000]',
  '[30/Apr/2019:23:00:01 +2400]',
  '[30/Apr/2019:23:00:01 +0060]',
  '[30/Apr/2019:23:00:01 -0000]',
  '[30/Apr/2019:21:11:42]',
  '[31/Dec/0000:21:11:42]',
  '[31/Mar/2019:02:30:00]',
  '[30/Apr/2019:21:11:42.5 +0000]',
  '[2019-04-30T21:11:42+02:00]',
  '[2019-04-30T21:11:42]',
  '[2019-04-30T21:11:42Z]',
  '[2016-02-29T23:59:60-07:30]',
  '[2019-04-30T21:11:42+00:00]',
  '[2019-04-30T21:11:42-00:00]',
  '[2019-04-30T21:11:42z]',
  '[2019-04-30 21:11:42Z]',
  '[2019-04-30T21:11:42.5Z]',
  '[2019-04-30T21:11:42+0200]',
  '[2019-04-30T21:11:42+24:00]',
  '[2019-04-30T21:11:42+02:60]',
  '[2019-04-30T21:11:42Zx]',
  '[2019-02-29T21:11:42Z]',
  '[2019-13-01T21:11:42Z]',
  '[2019-00-01T21:11:42Z]',
  '[2019-04-00T21:11:42Z]',
  '[2019-04-31T21:11:42Z]',
  '[2019-04-30T24:11:42Z]',
  '[2019-04-30T21:60:42Z]',
  '[2019-04-30T21:11:61Z]',
  '[2019-04-30T21:11Z]',
  '[2019/04/30T21:11:42Z]',
  '[0000-01-01T00:00:00Z]',
  '[0000-01-01T00:00:00+01:00]',
  '[9999-12-31T23:59:59-01:00]',
  '[31/Dec/9999:23:59:59 -0100]',
  '[01/Jan/0000:00:00:00 +0100]',
  '[30/Apr/2019:21:11:4]',
  '[30/Apr/2019 21:11:42]',
  '30/Apr/2019:21:11:42 +0000',
  '-',
];
const REQUESTS = [
  'GET / HTTP/1.1',
  'GET / HTTP/1.1',
  'POST /a/b?c=d,e HTTP/2.0',
  'PUT /a HTTP/2',
  'GET /a b HTTP/1.1',
  'GET /a',
  'GET',
  'GET  HTTP/1.1',
  'GET  / HTTP/1.1',
  'get / HTTP/1.1',
  'G,T / HTTP/1.1',
  'GET {a} HTTP/1.1',
  'GET / http/1.1',
  'GET / HTTP/1.',
  'GET / HTTP/1.1 ',
  'GET / HTTP/11',
  'OPTIONS * RTSP/1.0',
  'GET /\\" HTTP/1.1',
  'GET /" HTTP/1.1',
  'GET /ü HTTP/1.1',
  '\\x16\\x03\\x01\\x00',
  '- -',
  '-',
  '',
];
const STATUSES = ['200', '200', '404', '[200]', '[401]', '99', '1000', '099', '-', '', '2x0', '-1'];
const COUNTS = [
  '0',
  '5',
  '203023',
  '999999999999999999',
  '1000000000000000000',
  '007',
  '-',
  '-5',
  '',
  '1.5',
  '1 ',
];
const TEXTS = [
  '-',
  '',
  'http://example.com/',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/32.0.1700.77 Safari/537.36',
  'sixteen bytes, 1',
  'fifteen bytes,1',
  'seventeen bytes,1',
  ',',
  'a, b',
  '{a',
  'a{',
  ' ',
  'x\\"y\\"',
  'x"y',
  'x\\',
  '\\\\',
  '\\x22\\xd0\\xbf',
  '\\q\\x2',
  'ünï',
  'a\u007fb',
  'a\tb',
  'a\0b',
  'a\rb',
  `long ${'x'.repeat(300)}`,
];
const ADDRESSES = [
  '1.2.3.4',
  '-',
  '255.255.255.255',
  '256.1.1.1',
  '01.2.3.4',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.4:80',
  '::1',
  '1.2.3.4, ::1',
  '',
  'x',
];
const NAMES = ['h.example', 'a_b', '-', '_', '1.2.3.4', 'h:80', 'h.example.', 'x1', ''];
const LISTS = ['0.005', '-', ':', '1.2.3.4:80', '0.1, 0.2', '0.1 : -', ': 5', '::1', 'unix:/a', '', 'a :b'];
const DECIMALS = [
  '0.125',
  '0',
  '12',
  '-',
  '.5',
  '1.',
  '-.5',
  '01.5',
  `1.${'2'.repeat(18)}`,
  `1.${'2'.repeat(19)}`,
  '1.2.3',
];
const SHAPES = [
  'H I U T "R" S C "X" "X"',
  'H I U T "R" S C',
  'V:P H I U T "R" S C "X" "X"',
  'H I U T "R" S C "X" "X" "A"',
  'D A I U T "R" S C "X" "X"',
  'D A I U T "R" S C',
  'H\tT\t"R"|X|C F',
  'H L I U T "R" S N',
] as const;

/** The values for each letter of a shape; the first one is plain. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  H: HOSTS,
  I: WORDS,
  U: WORDS,
  T: TIMES,
  R: REQUESTS,
  S: STATUSES,
  C: COUNTS.slice(1),
  X: TEXTS,
  V: HOSTS.slice(3),
  P: ['443', '80', '-', 'x', ''],
  F: ['+', '-', 'X', ''],
  A: ADDRESSES,
  D: NAMES,
  L: LISTS,
  N: DECIMALS,
};
const LETTERS = new RegExp(`[${Object.keys(VALUES).join('')}]`, 'g');

/** For each place in each shape, and each of its possible values, a line that is plain except for that value. */
export function linesWithOneOddValue(): Buffer {
  const lines = SHAPES.flatMap((shape) =>
    [...shape.matchAll(LETTERS)].flatMap(({ index, 0: letter }) =>
      (VALUES[letter] ?? []).map((value) =>
        shape.replace(LETTERS, (other, at) => (at === index ? value : (VALUES[other]?.[0] ?? ''))),
      ),
    ),
  );
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

/** Generates a log; `share` of its values are odd. */
export function inventLog(seed: number, lines: number): Buffer {
  const random = seeded(seed);
  const share = pick(random, [0, 0.02, 0.1, 0.5]);
  const text = Array.from(
    { length: lines },
    () => inventLine(random, share) + pick(random, ['\n', '\n', '\n', '\r\n']),
  );
  const bytes = Buffer.from(text.join(''));
  // Overwrites some bytes, possibly newlines.
  for (let left = pick(random, [0, 0, 1, 10]); left > 0; left--)
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  return random() < 0.3 ? bytes.subarray(0, -1 - Math.floor(random() * 40)) : bytes;
}

function inventLine(random: Random, share: number): string {
  const one = (letter: string) => {
    const values = VALUES[letter] ?? [''];
    if (random() < share) return pick(random, values);
    return letter === 'R' || letter === 'X'
      ? pick(random, values.slice(0, letter === 'R' ? 4 : 8))
      : values[0];
  };
  if (random() < share / 4)
    return pick(random, [
      '',
      ' ',
      '{}',
      '{"status":200}',
      '{"remote_addr":"::1","bytes":5}',
      '{"status":7}',
      '{',
    ]);
  const line = pick(random, SHAPES).replace(LETTERS, (letter) => one(letter) ?? '');
  if (random() < share / 8) return line.slice(0, Math.floor(random() * line.length));
  return random() < share / 8 ? `${line}${pick(random, [' ', ' "x"', 'x', '\r'])}` : line;
}
