/** Realistic readings with many broken lines, generated from a seed. */

import type { CsvForm } from '../../src/lines/csv.ts';
import { type ColumnNames, noNames } from '../../src/readings/reading-columns.ts';
import { seeded } from '../random.ts';

export interface Invented {
  readonly text: string;
  /** Suits the shape of the lines if all have the same. */
  readonly form: CsvForm;
  readonly names: ColumnNames;
}

type Random = () => number;

const pick = <Item>(random: Random, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)] as Item;
const below = (random: Random, limit: number): number => Math.floor(random() * limit);

const SENSORS = [
  'attic',
  'cellar',
  '',
  'a',
  'Zürich',
  '日本語',
  'a sensor with quite a long name, indeed longer than others',
  'exactly-16-bytes',
  'exactly-32-bytes-exactly-32-byte',
  'exactly-33-bytes-exactly-33-bytes',
  ' padded ',
  '{brace',
  'a,b',
  'a;b',
  'x'.repeat(70),
  'x'.repeat(71),
];
const VALUES = [
  '0',
  '-0',
  '-0.0',
  '.5',
  '5.',
  '-.5',
  '.',
  '-',
  '--1',
  '1.2.3',
  '',
  ' 21.5 ',
  '+3',
  '1e3',
  '2E-2',
  'NaN',
  'ERR',
  '12345678',
  '123456789',
  '1234567.8',
  '99999999',
  '-9999999',
  '123456789012345678',
  '1234567890123456789',
  '0.123456789012345678',
  '-0.12345678901234567',
  '999999999999999999',
  '-999999999999999999',
  '0000000000000000021.5',
  '000000000000000021.5',
  '1,5',
  '21.5\u00a0',
  '٣',
  '1_000',
  '0x10',
  '"7.5"',
];
const TIMES = [
  '2024-02-30T00:00:00Z',
  '2024-02-29T23:59:60Z',
  '2024-13-01T00:00:00Z',
  '2023-02-29T00:00:00Z',
  '2024-01-01T24:00:00Z',
  '2024-01-01T00:60:00Z',
  '2024-01-01 00:00:00Z',
  '2024-01-01t00:00:00z',
  '2024-01-01T00:00Z',
  '2024-01-01T00:00:00',
  '2024-01-01T00:00:00.5Z',
  '2024-01-01T00:00:00,123456789012Z',
  '2024-01-01T00:00:00.Z',
  '2024-01-01T01:00:00+01:00',
  '2024-01-01T01:00:00+0100',
  '2024-01-01T01:00:00.250-09:30',
  '2024-01-01T01:00:00+24:00',
  '2024-01-01T01:00:00+01:60',
  '2024-01-01T01:00:00+1:00',
  '2024-01-01 01:00:00+01',
  '2024-01-01 01:00:00+1',
  '2024-01-01 01:00:00+010',
  '2024-01-01 01:00:00.5 +0100',
  '2024-01-01 00:00:00 UTC',
  '2024-01-01 00:00:00.25UTC',
  '2024-01-01 00:00:00 UTD',
  '2024-01-01 00:00:00 ',
  '2024-01-01 00:00:00 Z',
  '2024/01/01 00:00:00Z',
  '2024/01-01 00:00:00Z',
  '2024-01/01 00:00:00Z',
  '2024/02/29T01:00:00.125+01:00',
  '2024-01-01 00:00:00',
  '2024/01/01 00:00',
  '2024-01-01',
  '2024-03-31 02:30:00',
  '2024-10-27 02:50:00',
  '2024-10-27T02:10',
  '20240101',
  '2024010112',
  '2024010112.5',
  '2024010199',
  '202401011200',
  '20240101120000',
  '20240101120000.5',
  '20240132',
  '20241301',
  '19991231235960',
  '21000101',
  '1704067200123456',
  '1704067200123456789',
  '9999999999999999999',
  '12345678901234567890',
  '99999999999999999999',
  '100000000000000',
  '99999999999999999',
  '100000000000000000',
  '1704067200',
  '1704067200.5',
  '1704067200.',
  '1704067200123',
  '99999999999',
  '100000000000',
  '12345678901234',
  '123456789012345',
  '-5',
  '0',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '0004-02-29T12:00:00Z',
  ' 2024-01-01T00:00:00Z',
  'noon',
  '',
  '1900-02-29T00:00:00Z',
  '2000-02-29T00:00:00Z',
  '2024-01-01X00:00:00Z',
  '2024-01-01T00:00:00ZZ',
  '2024-01-01T0a:00:00Z',
  '2024_01-01T00:00:00Z',
];
/** Delimiters that may occur in a number or a time. */
const IN_NUMBERS = ['-', '+', '.', ':', ' ', '0', '5', 'e', 'T', 'Z'];

const WHOLE_LINES = [
  '',
  ' ',
  'time,sensor,value',
  'value,time,sensor',
  'sensor,value,time',
  'time,value',
  '#comment',
  '{',
  '{}',
  '{"value":1}',
  '"',
  '"open',
  '""',
  'a,b,c,d,e',
  '{"time":"2024-01-01T00:00:00Z","sensor":"json","value":1.5}',
  '{"time":1704067200,"value":"2.50"}',
  '\u0000',
  '\ufeff',
  'x'.repeat(5000),
  ',,',
  ',',
  ',,,,',
  '{"a":1}',
  '# 2024-01-01T00:00:00Z,s1,5',
  'time,sensor,value,"no\nte"',
  'time,"sensor",value,"no\n#te\n"',
  '  2024-01-01T00:00:00Z,,s1,5,,',
];

/** Some are also the beginning of a reading. */
const COMMENTS = ['#', '#', '# 2', 's', 's1', '2024-01-01T1', '2', '-', ' ', '"', '{', 'time', 'é'];

function value(random: Random, usual: number | undefined): string {
  if (random() < 0.06) return pick(random, VALUES);
  const decimals = usual ?? pick(random, [0, 1, 1, 1, 2, 2, 3]);
  return ((random() - 0.4) * pick(random, [1, 10, 100, 1e6])).toFixed(decimals);
}

function time(random: Random, at: number): string {
  if (random() < 0.05) return pick(random, TIMES);
  const jitter = random() < 0.1 ? (random() - 0.7) * 4_000_000 : 0;
  const text = new Date(1_704_067_200_000 + at * 30_000 + jitter).toISOString();
  return random() < 0.9 ? `${text.slice(0, 19)}Z` : text;
}

function sensor(random: Random): string {
  const name = random() < 0.9 ? `s${below(random, 4)}` : pick(random, SENSORS);
  return random() < 0.5 && /[,;]/.test(name) ? `"${name}"` : name;
}

const JSON_LINES: readonly ((time: string, sensor: string, value: string) => string)[] = [
  (time, sensor, value) => `{"time":"${time}","sensor":"${sensor}","value":${value}}`,
  (time, sensor, value) => `{ "value" : "${value}", "time" : "${time}" ,"sensor":"${sensor}" } `,
  (time, sensor, value) =>
    `{"ok":true,"n":null,"x":-1.5,"time":"${time}","sensor":"${sensor}","value":${value},"s":"text"}`,
  (time, _, value) => `{"time":"${time}","value":${value},"nested":{"a":[1]}}`,
  (time, sensor, value) => `{"time":"${time}","sensor":"${sensor}\\u00e9","value":${value}}`,
  (time, sensor, value) => `{"time":"${time}","sensor":"${sensor}","value":${value},"value":3}`,
  (time, sensor, value) => `{"a":1,"a":2,"time":"${time}","sensor":"${sensor}","value":${value}}`,
  (time, sensor, value) => `{"a":1,"a":1,"time":"${time}","sensor":"${sensor}","value":${value}`,
  (time, sensor) => `{"time":"${time}","sensor":"${sensor}"}`,
  (_, sensor, value) => `{"sensor":"${sensor}","value":${value}}`,
  (time, _, value) => `{"time":"${time}","sensor":5,"value":${value}, "__proto__": 1}`,
  (time, sensor, value) => `{"time":null,"sensor":"${sensor}","value":${value}}${time}`,
  (time, sensor, value) => `{"time":"${time}","sensor":"${sensor}\t","value":0${value}}`,
];

/** @param count number of lines */
export function inventInput(seed: number, count: number): Invented {
  const random = seeded(seed);
  const delimiter = random() < 0.1 ? pick(random, IN_NUMBERS) : pick(random, [',', ',', ',', ';', '\t', '|']);
  const kind = pick(random, [
    'full',
    'full',
    'full',
    'pair',
    'value',
    'numbered',
    'header',
    'wide',
    'json',
    'json',
    'mixed',
  ]);
  const ending = random() < 0.2 ? '\r\n' : '\n';
  const fields = (...texts: string[]) => texts.join(delimiter);
  const badShare = pick(random, [0, 0.005, 0.05, 0.3]);
  const decimals = pick(random, [undefined, 0, 1, 2, 6]);
  const line = (at: number): string => {
    const [t, s, v] = [time(random, at), sensor(random), value(random, decimals)];
    if (random() < badShare)
      return pick(random, WHOLE_LINES).replaceAll(',', random() < 0.8 ? delimiter : ',');
    const own = kind === 'mixed' ? pick(random, ['full', 'pair', 'value', 'json']) : kind;
    if (own === 'json') return (random() < 0.8 ? JSON_LINES[0] : pick(random, JSON_LINES))?.(t, s, v) ?? '';
    if (own === 'pair') return fields(t, v);
    if (own === 'value') return v;
    if (own === 'numbered') return fields(s, v);
    if (own === 'header') return fields(v, s, t);
    if (own === 'wide') return fields('x', t, `${at}`, s, v, random() < 0.02 ? '"a\nb"' : 'y');
    return fields(t, s, v);
  };
  let text = random() < 0.2 ? '\ufeff' : '';
  if (kind === 'header' || kind === 'wide')
    text += `${kind === 'header' ? fields('value', 'sensor', 'time') : fields('a', 'time', 'b', 'sensor', 'value', 'c')}${ending}`;
  for (let at = 0; at < count; at++) text += `${line(at)}${random() < 0.01 ? '\r\n' : ending}`;
  if (random() < 0.4) text = text.slice(0, text.length - 1 - below(random, 8));
  const numbered = kind === 'numbered' ? { time: [], sensor: ['1'], value: ['2'] } : undefined;
  return { text, form: inventForm(random, delimiter), names: numbered ?? noNames };
}

/** A CSV dialect, mostly the default. */
function inventForm(random: Random, delimiter: string): CsvForm {
  const comment = random() < 0.12 ? pick(random, COMMENTS) : undefined;
  return { delimiter, comment, mergesDelimiters: random() < 0.04, mayHaveHeader: random() < 0.92 };
}
