import { describe, expect, it } from 'vitest';
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
  ])('rejects %s, and uses the others', async (line, detail) => {
    expect(await read(`{"a":1}\n${line}\n{"a":2}\n`)).toMatchObject({
      rows: [['1'], ['2']],
      rejected: [`2: ${detail}`],
    });
  });
});
