/** Generates readings of many sensors and windows from a seed, with options of get-stats to count them. */

import { seeded } from '../random.ts';

type Random = () => number;

export interface ManyGroups {
  readonly bytes: Buffer;
  /** Options of get-stats. */
  readonly words: readonly string[];
}

const pick = <Item>(random: Random, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)] as Item;

/** Text with a character per UTF-8 byte, so that it can hold invalid bytes too. */
const binary = (text: string) => Buffer.from(text).toString('latin1');

/** Around the kernel's limits: 8 bytes of a key, 16 of a vector, 32 of a slot. */
const LENGTHS = [1, 7, 8, 9, 15, 16, 17, 31, 32, 33, 39, 40, 41, 47, 48, 49, 100, 127];
const CHARACTERS = [
  ...['\u0001', '\u001f', '\u007f', ' ', '!', '~', '\u0080', 'ä', '\u07ff', '\u0800', '\ud7ff', '\ue000'],
  ...['\ufeff', '\ufffd', '\uffff', '\u{10000}', '\u{1f321}', '\u{10ffff}', '\\', "'", '#', '{', '\t', 'Z'],
];
const IN_QUOTES = ['"', ',', ';', '\t', '{', '""', '","', '\n', '\r\n', '\\"', '\\u0041', ' x ', '\u2028'];
/** Binary: not UTF-8, or NUL. */
const NOT_TEXT = [
  '\x00',
  '\xff',
  '\x80',
  '\xc0\x80',
  '\xed\xa0\x80',
  '\xf4\x90\x80\x80',
  'a\xe2\x82',
  '\xc3',
];
/** Maximum length of a name in bytes. */
const LONGEST_NAME = 1 << 16;

/** Kinds of sensor names, by number; encoded by `binary`. */
const FAMILIES: Readonly<Record<string, (at: number, random: Random) => string>> = {
  plain: (at) => `sensor-${at}`,
  numbers: (at) => `${at % 2 === 0 ? '' : '-'}${at}`,
  short: (at) => at.toString(36),
  paths: (at) => `/shop/category-${at % 17}/item/${at}?from=${at % 5}`,
  likeOthers: (at) => `${'a common beginning of names, '.repeat(4)}${at}`,
  lastByte: (at) => {
    const stem = `${Math.floor(at / 90)}`;
    const length = LENGTHS[Math.floor(at / 90) % LENGTHS.length] ?? 1;
    return stem.padStart(length, 'x') + String.fromCharCode(36 + (at % 90));
  },
  prefixes: (at) => 'p'.repeat(at % 300) + (at < 300 ? '' : String.fromCharCode(35 + Math.floor(at / 300))),
  codePoints: (at, random) =>
    binary(Array.from({ length: 1 + (at % 12) }, () => pick(random, CHARACTERS)).join('')),
  quoted: (at, random) => binary(`${pick(random, ['', 's', 'é'])}${pick(random, IN_QUOTES)}${at}`),
  empty: (at) => (at % 3 === 0 ? '' : ' '.repeat(at % 4)),
  notText: (at, random) => `${at % 40}${pick(random, NOT_TEXT)}${at % 2 === 0 ? '' : 'x'}`,
};
const USUAL = ['plain', 'numbers', 'short', 'paths', 'likeOthers', 'lastByte'];

function nameMaker(random: Random): (at: number) => string {
  const usual = FAMILIES[pick(random, USUAL)] ?? String;
  const odd = Object.values(FAMILIES);
  const share = pick(random, [0, 0.01, 0.3]);
  return (at) => (random() < share ? pick(random, odd)(at % 5000, random) : usual(at, random));
}

/** Names of the maximum length, and one byte longer. */
const LONG_STEM = 'l'.repeat(LONGEST_NAME - 1);
const LONG_NAMES = [
  `${LONG_STEM}a`,
  `${LONG_STEM}b`,
  LONG_STEM,
  `${LONG_STEM}ab`,
  binary(`${LONG_STEM.slice(1)}é`),
];

/** The first and the last time, and times around 1970 and around a repeated hour. */
const [FIRST, LAST] = [Date.parse('0002-01-01'), Date.parse('9998-12-31T23:59:59.999Z')];
/** The kernel leaves the last year to the exact engine. */
const LAST_OF_KERNEL = Date.parse('9997-12-31T23:59:59.999Z');
const STARTS = ['0002-01-01', '0003-01-01', '0004-02-28', '1582-12-31', '1969-12-31T23:59', '2023-10-28'].map(
  Date.parse,
);

function timeMaker(random: Random, groups: number): (at: number) => string {
  const step = pick(random, [1, 777, 60_000, 3_600_000]);
  const first = pick(random, [...STARTS, ...[LAST, LAST_OF_KERNEL].map((last) => last - groups * step)]);
  const spread = pick(random, [0, 5 * step, groups * step]);
  const written = pick(random, [
    (time: number) => new Date(time).toISOString(),
    (time: number) => new Date(time).toISOString().replace(/\.\d+/, ''),
    (time: number) => new Date(time + 3_600_000).toISOString().replace('Z', '+01:00'),
  ]);
  const odd = pick(random, [0, 0.01]);
  return (at) => {
    if (random() < odd) return written(pick(random, [FIRST - 1, FIRST, LAST, LAST + 1]));
    const time = first + at * step + Math.floor((random() - 0.5) * spread);
    return written(Math.min(Math.max(time, FIRST), LAST));
  };
}

function valueMaker(random: Random): () => string {
  const usual = pick(random, [0, 1, 2, 6]);
  const odd = pick(random, [0, 0.02]);
  const wide = pick(random, [10, 1000, 1e7]);
  const odds = ['999999999999999999', '-0.000000000000000001', '0', '-0.0', '1e3', '21.50', 'ERR', ''];
  return () => (random() < odd ? pick(random, odds) : ((random() - 0.4) * wide).toFixed(usual));
}

/** How to write a line; `fields` quotes a name if necessary, and sometimes if not. */
function lineMaker(random: Random): {
  words: string[];
  header: string;
  line: (...texts: string[]) => string;
} {
  const field = (delimiter: string) => (text: string) =>
    text.includes(delimiter) || /^[{\s]|["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const csv = (delimiter: string) => (time: string, name: string, value: string) =>
    [time, field(delimiter)(name), value].join(delimiter);
  return pick(random, [
    { words: [], header: '', line: csv(',') },
    { words: ['-d', ';'], header: '', line: csv(';') },
    { words: ['-d', '\t'], header: 'time\tsensor\tvalue\n', line: csv('\t') },
    {
      words: ['--value', 'a,b'],
      header: 'b,sensor,time,a\n',
      line: (time, name, value) => `${value},${field(',')(name)},${time},${value.slice(0, 3)}`,
    },
    {
      words: [],
      header: '',
      line: (time, name, value) => {
        const sensor = JSON.stringify(Buffer.from(name, 'latin1').toString());
        return `{"time":"${time}","sensor":${binary(sensor)},"value":${value === '' ? null : value}}`;
      },
    },
  ]);
}

const WINDOWS = ['all', '1s', '1m', '1h', '1d', '7d', '1mo', '1y', 'all,1h', '1d,1h,1mo', '5m,7m'];
const STATISTICS = [
  ...['sum', 'stddev', 'var', 'first', 'last', 'first_time', 'last_time', 'range'],
  ...['p0', 'p50', 'p99.9', 'p100'],
];
const FORMS = [
  [],
  [],
  [],
  ['--json'],
  ['--json'],
  ['--table'],
  ['--influx'],
  ['--influx', '--precision', 's'],
];
const UNITS = ['°C', 'a,b', 's*=V,*1=%', 'sensor-*=°C'];

function inventOptions(random: Random): string[] {
  const window = pick(random, WINDOWS);
  const chosen = STATISTICS.filter(() => random() < 0.2);
  const some = (share: number, ...words: string[]) => (random() < share ? words : []);
  const sliding = /^(1h|1d)$/.test(window) ? some(0.3, '--slide', window === '1h' ? '30m' : '8h') : [];
  const hasLength = window !== 'all' && random() < 0.15;
  return [
    ...['-w', window, ...sliding],
    ...some(0.2, '--tz', pick(random, ['Europe/Berlin', 'America/St_Johns'])),
    ...(random() < 0.5 && chosen.length > 0 ? ['--stats', chosen.join(',')] : []),
    ...some(0.2, '--decimals', pick(random, ['0', '1', '6', '18', '20'])),
    ...some(0.2, '--expect', pick(random, ['1s', '7s', '1h'])),
    ...some(0.2, '--label-unit', pick(random, UNITS)),
    ...some(0.1, '--range', '-20.5..5000'),
    ...some(0.1, '--na', '-999,ERR'),
    ...(hasLength ? ['--live', '--ahead', 'none', '--lateness', pick(random, ['0s', '1h'])] : []),
    ...pick(random, FORMS),
  ];
}

/** @param groups approximate number of sensors, of windows, or of their combinations */
export function inventManyGroups(seed: number, groups: number): ManyGroups {
  const random = seeded(seed * 31 + 7);
  const { words, header, line } = lineMaker(random);
  const sensors = pick(random, [1, 7, Math.ceil(Math.sqrt(groups)), groups, groups]);
  const [name, time, value] = [nameMaker(random), timeMaker(random, groups), valueMaker(random)];
  const names = Array.from({ length: sensors }, (_, at) => name(at));
  const long = random() < 0.1 ? 20 / groups : 0;
  const perGroup = pick(random, [1, 1.5, 2, 5]);
  const isInTurn = random() < 0.5;
  let text = header;
  for (let at = 0; at < groups * perGroup; at++) {
    const of = isInTurn ? at % names.length : Math.floor(random() * names.length);
    text += `${line(time(Math.floor(at / perGroup)), random() < long ? pick(random, LONG_NAMES) : (names[of] ?? ''), value())}\n`;
  }
  return { bytes: Buffer.from(text, 'latin1'), words: [...words, ...inventOptions(random)] };
}
