import { describe, expect, it } from 'vitest';
import { utcTime } from '../../../src/tables/input/utc-time.ts';
import { growsLess } from '../../growth.ts';
import { read } from './reading.ts';

describe('JsonRowReader', () => {
  it('has all the columns of its objects', async () => {
    expect(await read('{"a":1,"b":"x"}\n\n{"b":null,"c":true}\n')).toEqual({
      header: ['a', 'b', 'c'],
      rows: [
        ['1', 'x', null],
        [null, null, 'true'],
      ],
      types: ['integer', 'text', 'boolean'],
      rejected: [],
    });
  });

  it('keeps the digits of numbers, and does not take text for a number', async () => {
    const { rows, types } = await read(
      '{"a":9007199254740993,"b":1.10,"c":"42","d":1e-7,"e":0.1,"f":12345678901234567890}\n',
    );
    expect(rows).toEqual([['9007199254740993', '1.10', '42', '1e-7', '0.1', '12345678901234567890']]);
    expect(types).toEqual(['long', 'decimal', 'text', 'decimal', 'decimal', 'text']);
  });

  it('keeps what is nested as JSON', async () => {
    expect(await read('{"a":{"b":[1,2.50]}}\n')).toMatchObject({
      rows: [['{"b":[1,2.50]}']],
      types: ['text'],
    });
  });

  it.each([
    ['{"a":', 'not a JSON object: "{\\"a\\":"'],
    ['[1]', 'not a JSON object: "[1]"'],
    ['{"a":"\\u0000"}', '"a" has a NUL: "\\u0000"'],
    ['{"a":"\\ud800"}', '"a" has an unpaired surrogate: "\ufffd"'],
    ['{"a":1,"A":2}', 'column names differ only in case: "a", "A"'],
    ['{"":1}', 'column 1 has no name'],
    ['{"\\udc80x":1}', 'a name is not UTF-8: "\ufffdx"'],
    ['{"\\ud800x":1}', 'a name has an unpaired surrogate: "\ufffdx"'],
    ['{}', 'object has no members'],
    ['{"a":1,"a":1}', 'a member is repeated: "{\\"a\\":1,\\"a\\":1}"'],
    ['{"a":1.50,"a":2}', 'a member is repeated: "{\\"a\\":1.50,\\"a\\":2}"'],
    ['{"a":{"b":1,"b":2}}', 'a member is repeated: "{\\"a\\":{\\"b\\":1,\\"b\\":2}}"'],
  ])('rejects %s, and uses the others', async (line, detail) => {
    expect(await read(`{"a":1}\n${line}\n{"a":2}\n`)).toMatchObject({
      rows: [['1'], ['2']],
      rejected: [`2: ${detail}`],
    });
  });

  it('keeps the characters of numbers, whatever else is in the line', async () => {
    const { rows } = await read('{"a":0.0000001}\n{"a":0.0000001,"b":1.0}\n{"a":-0}\n{"a":0}\n');
    expect(rows).toEqual([
      ['0.0000001', null],
      ['0.0000001', '1.0'],
      ['-0', null],
      ['0', null],
    ]);
  });

  it('takes text for a number only where the column cannot become text', async () => {
    const input = '{"a":1}\n{"a":"2"}\n';
    expect(await read(input)).toMatchObject({ rows: [['1'], ['2']], types: ['text'] });
    const given = { types: new Map([['a', 'integer' as const]]) };
    expect(await read(input, given)).toMatchObject({ types: ['integer'], rejected: [] });
    const settled = { maxRows: 1, onMismatch: 'reject' as const };
    expect(await read(input, settled)).toMatchObject({ types: ['integer'], rejected: [] });
  });

  it('rejects a row that leaves nothing behind', async () => {
    const given = { types: new Map([['n', 'integer' as const]]) };
    const { header, types, rejected } = await read('{"a":1,"n":1}\n{"a":"x","b":2,"n":"y"}\n', given);
    expect([header, types, rejected]).toEqual([
      ['a', 'n'],
      ['integer', 'integer'],
      ['2: "n" is not a whole number: "y"'],
    ]);
  });

  it('takes nesting that is as deep as a line is long', async () => {
    const deep = `{"a":${'['.repeat(400_000)}${']'.repeat(400_000)}}`;
    const { rows, rejected } = await read(`{"a":"x"}\n${deep}\n`);
    expect(rows.length + rejected.length).toBe(2);
  });

  it.each<[string, (length: number) => string]>([
    ['fractions of a second', (length) => `2026-11-21T10:04:00.${'0'.repeat(length)}1Z`],
    ['zeros of times', (length) => `2026-11-21T10:04:00.1${'0'.repeat(length)}`],
    ['points and signs of times', (length) => `2026-${'.+1'.repeat(length)}`],
    ['letters', (length) => 'x'.repeat(length)],
  ])('costs no more than its length: %s', async (_, make) => {
    expect(await growsLess({ make, work: utcTime, length: 4000 }, 9), 'a time').toBe(true);
  });
});
