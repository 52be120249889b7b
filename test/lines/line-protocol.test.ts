import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fieldNumber,
  formatProtocolLine,
  integerField,
  millisecondsOf,
  PRECISIONS,
  parseProtocolLine,
  stringField,
  timestampOf,
  unescaped,
} from '../../src/lines/line-protocol.ts';

describe('a line of the line protocol', () => {
  it.each([
    ['m v=1', 'm', [], [['v', '1']], undefined],
    [
      'm,a=b,c=d v=1,w=2i 17',
      'm',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [
        ['v', '1'],
        ['w', '2i'],
      ],
      '17',
    ],
    ['  m  v=t   -5  ', 'm', [], [['v', 't']], '-5'],
    ['m\\ n\\,o,a\\=b=c\\ d e\\,f=1 2', 'm\\ n\\,o', [['a\\=b', 'c\\ d']], [['e\\,f', '1']], '2'],
    ['m s="a, b=c \\" \\\\" 3', 'm', [], [['s', '"a, b=c \\" \\\\"']], '3'],
    [
      'm s="a",t="" 3',
      'm',
      [],
      [
        ['s', '"a"'],
        ['t', '""'],
      ],
      '3',
    ],
    ['m,a=b\\\\ v=1', 'm', [['a', 'b\\\\']], [['v', '1']], undefined],
    ['m,p=C:\\x"y v=1', 'm', [['p', 'C:\\x"y']], [['v', '1']], undefined],
  ])('%s', (text, measurement, tags, fields, timestamp) => {
    expect(parseProtocolLine(text)).toEqual({ measurement, tags, fields, timestamp });
  });

  it.each(['', '   ', '# m v=1', '  #'])('%j says nothing', (text) => {
    expect(parseProtocolLine(text)).toBe('nothing');
  });

  it.each([
    ['m', 'expected FIELD=VALUE'],
    [',a=b v=1', 'measurement is empty'],
    ['m,a v=1', 'expected TAG=TEXT after a comma'],
    ['m,a= v=1', 'expected TAG=TEXT'],
    ['m,=b v=1', 'expected TAG=TEXT'],
    ['m,a=b=c v=1', 'expected TAG=TEXT'],
    ['m, v=1', 'expected TAG=TEXT'],
    ['m v=', 'expected FIELD=VALUE'],
    ['m =1', 'expected FIELD=VALUE'],
    ['m v=1,', 'expected FIELD=VALUE'],
    ['m v="a', 'expected FIELD=VALUE'],
    ['m v="a\\"', 'expected FIELD=VALUE'],
    ['m v="a"b 1', 'timestamp is not a whole number'],
    ['m v=1 1.5', 'timestamp is not a whole number: "1.5"'],
    ['m v=1 1 2', 'timestamp is not a whole number: "1 2"'],
    ['m v=1 12345678901234567890', 'timestamp is not a whole number'],
  ])('%s is none', (text, problem) => {
    const found = parseProtocolLine(text);
    expect(found).toMatchObject({ problem: expect.stringContaining(problem) });
  });

  it('takes time in proportion to its length', () => {
    const long = '\\'.repeat(1 << 19);
    for (const text of [
      `m,${long}=${long} v=1`,
      `m v="${long}`,
      `m${',a=b'.repeat(1 << 17)}`,
      ' '.repeat(1 << 20),
    ])
      parseProtocolLine(text);
  });
});

it('knows numbers, whole ones and truth', () => {
  const texts = [
    '1',
    '-1.5',
    '1.',
    '.5',
    '+2',
    '1e3',
    '1.5E-7',
    '12i',
    '-3i',
    '4u',
    't',
    'TRUE',
    'f',
    'False',
  ];
  expect(texts.map(fieldNumber)).toEqual([
    '1',
    '-1.5',
    '1.',
    '.5',
    '+2',
    '1e3',
    '1.5E-7',
    '12',
    '-3',
    '4',
    '1',
    '1',
    '0',
    '0',
  ]);
  const others = ['"1"', 'NaN', 'inf', '0x1', '1.5i', 'i', 'tRUE', '1_0', '', '-', '1e', 'true1'];
  expect(others.map(fieldNumber)).toEqual(others.map(() => undefined));
});

describe('timestamps', () => {
  it('are cut to milliseconds, before 1970 too', () => {
    expect(millisecondsOf('1763719440123999999', 'ns')).toBe(1763719440123);
    expect(millisecondsOf('-1', 'ns')).toBe(-1);
    expect(millisecondsOf('-1999', 'us')).toBe(-2);
    expect(millisecondsOf('7', 's')).toBe(7000);
  });

  it.each(PRECISIONS)('of %s are read as they are written', (precision) => {
    for (const time of [0, 1000, 1_763_719_440_000, -86_400_000])
      expect(millisecondsOf(timestampOf(time, precision), precision)).toBe(time);
    expect(timestampOf(-1, 's')).toBe('-1');
  });
});

describe('a line that is written', () => {
  it('leaves out what is empty', () => {
    expect(
      formatProtocolLine(
        'm',
        [['a', '']],
        [
          ['v', ''],
          ['w', '1'],
        ],
        undefined,
      ),
    ).toBe('m w=1\n');
    expect(formatProtocolLine('m', [], [['v', '']], '1')).toBe('');
    expect([integerField('7'), integerField(''), stringField(''), stringField('a"\\\n')]).toEqual([
      '7i',
      '',
      '',
      '"a\\"\\\\\\\\n"',
    ]);
  });

  it('is read again, whatever the words', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'ö', ',', '=', ' ', '"', '#', '/', '%', '\n'),
      minLength: 1,
    });
    fc.assert(
      fc.property(word, word, word, fc.integer(), (tag, text, field, time) => {
        const line = formatProtocolLine('m', [[tag, text]], [[field, '1.5']], String(time));
        expect(line.endsWith('\n')).toBe(true);
        expect(line.slice(0, -1)).not.toContain('\n');
        const found = parseProtocolLine(line.slice(0, -1));
        const read = typeof found === 'object' && 'tags' in found ? found : undefined;
        const shown = (name: string) => name.replaceAll('\n', '\\n');
        expect(read?.tags.map((pair) => pair.map(unescaped))).toEqual([[shown(tag), shown(text)]]);
        expect(read?.fields.map((pair) => pair.map(unescaped))).toEqual([[shown(field), '1.5']]);
        expect(read?.timestamp).toBe(String(time));
      }),
    );
  });

  it('has a slash for a backslash that would take the next character', () => {
    const line = formatProtocolLine(
      'm',
      [
        ['a', 'C:\\x\\'],
        ['b', '\\,\\\\ '],
      ],
      [['v', '1']],
      undefined,
    );
    expect(line).toBe('m,a=C:\\x/,b=/\\,//\\  v=1\n');
  });
});
