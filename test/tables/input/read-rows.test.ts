import { describe, expect, it } from 'vitest';
import { read } from './reading.ts';

describe('the type of a column', () => {
  const typeOf = async (...values: string[]) =>
    (await read(`x,y\n${values.map((v) => `${v},\n`).join('')}`)).types[0];

  it.each([
    ['integer', ['0', '-7', '999999999999999']],
    ['long', ['1', '9223372036854775807']],
    ['decimal', ['1.50', '-0.5', '3']],
    ['boolean', ['true', 'FALSE', '']],
    ['timestamp', ['2026-11-21T10:04:00Z', '2024-02-29 23:59:59.123456+01:00', '2026-01-31T00:00:00+0100']],
    ['text', ['007']],
    ['text', ['1', '+5']],
    ['text', ['1e5']],
    ['text', ['1', '00.5']],
    ['text', ['9223372036854775808']],
    ['text', ['0.12345678901234567']],
    ['decimal', ['0.12345678901234568', '72.09160609999998']],
    ['text', ['1.5', '9007199254740993']],
    ['text', ['2026-02-30T10:04:00Z']],
    ['text', ['2026-11-21T10:04:00']],
    ['text', ['2026-11-21T10:04:00.1234567Z']],
    ['text', ['true', '1']],
    ['text', ['-']],
    ['text', ['1.']],
    ['text', ['NaN']],
    ['empty', ['', '']],
  ])('is %s of %j', async (type, values) => {
    expect(await typeOf(...values)).toBe(type);
  });

  it('is found in the whole batch, and goes on from there', async () => {
    const input = 'x\n1\n2\n3\na\n4\n';
    expect(await read(input, { maxRows: 5, onMismatch: 'reject' })).toMatchObject({
      types: ['text'],
      rejected: [],
    });
    expect(await read(input, { maxRows: 2, onMismatch: 'reject' })).toMatchObject({
      types: ['integer'],
      rows: [['1'], ['2'], ['3'], ['4']],
      rejected: ['5: "x" is not a whole number: "a"'],
    });
    expect(await read(input, { maxRows: 2 })).toMatchObject({ types: ['text'], rejected: [] });
  });

  it('is what the user says', async () => {
    const types = new Map([['x', 'decimal' as const]]);
    expect(await read('x\n1e-7\n2\nabc\n', { types })).toMatchObject({
      types: ['decimal'],
      rows: [['1e-7'], ['2']],
      rejected: ['4: "x" is not a decimal: "abc"'],
    });
  });
});
