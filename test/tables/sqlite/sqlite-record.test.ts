import { describe, expect, it } from 'vitest';
import {
  putRecord,
  putVarint,
  recordSize,
  textType,
  varintSize,
} from '../../../src/tables/sqlite/sqlite-record.ts';
import { batchOf } from '../batch-of.ts';

describe('a varint', () => {
  it.each([
    [0, [0]],
    [127, [127]],
    [128, [0x81, 0]],
    [16_383, [0xff, 0x7f]],
    [16_384, [0x81, 0x80, 0]],
    [2_097_151, [0xff, 0xff, 0x7f]],
    [2_097_152, [0x81, 0x80, 0x80, 0]],
    [(1 << 28) - 1, [0xff, 0xff, 0xff, 0x7f]],
  ])('of %d', (number, bytes) => {
    const target = Buffer.alloc(6);
    expect(varintSize(number)).toBe(bytes.length);
    expect(putVarint(target, 1, number)).toBe(1 + bytes.length);
    expect([...target]).toEqual([0, ...bytes, ...Array(5 - bytes.length).fill(0)]);
  });
});

describe('a record', () => {
  it('is the size of its header, a type per field, and the text', () => {
    const batch = batchOf([
      ['skipped', ''],
      ['é', null],
    ]);
    const target = Buffer.alloc(6);
    expect(recordSize(batch, 1)).toBe(5);
    putRecord(target, 1, batch, 1);
    expect([...target]).toEqual([0, 3, textType(2), 0, ...Buffer.from('é')]);
  });

  it.each([1, 47, 48, 49, 57, 58, 126, 127, 8185, 8186, 16_382])(
    'has the size that it is said to have: %d fields, and as many bytes in a field',
    (count) => {
      const long = 'x'.repeat(count);
      for (const row of [Array(count).fill(null), Array(count).fill('x'), [long, null, long]]) {
        const batch = batchOf([row]);
        const size = recordSize(batch, 0);
        const target = Buffer.alloc(size + 8, '#');
        putRecord(target, 0, batch, 0);
        expect(target.toString('latin1', size)).toBe('########');
        const text = row.join('');
        expect(target.toString('latin1', size - text.length, size)).toBe(text);
      }
    },
  );
});
