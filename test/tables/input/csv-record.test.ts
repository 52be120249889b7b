import { describe, expect, it } from 'vitest';
import { fieldText, newFields, OPEN, scanRecord, separatorOf } from '../../../src/tables/input/csv-record.ts';

/** Reads the record in the middle of other bytes. */
function scan(text: string, room = 10) {
  const bytes = Buffer.from(`##${text}`);
  const fields = newFields(room);
  const next = scanRecord(bytes, 2, separatorOf({ delimiter: ',' }), fields);
  const count = Math.min(fields.count, room);
  const texts = Array.from({ length: count }, (_, at) => fieldText(bytes, fields, at) ?? null);
  return { next: next < 0 ? next : next - 2, texts, fields };
}

describe('scanRecord', () => {
  it.each([
    ['a,b\nc', 4, ['a', 'b']],
    ['a,b\r\nc', 5, ['a', 'b']],
    ['a,b', 4, ['a', 'b']],
    ['\n', 1, [null]],
    [',""\n', 4, [null, '']],
    ['"a,b",c\n', 8, ['a,b', 'c']],
    ['"a""b","c\nd"\r\n', 14, ['a"b', 'c\nd']],
    ['"a"\r\n', 5, ['a']],
    ['a\rb,c\n', 6, ['a\rb', 'c']],
    [' "\n', -2, []],
    ['"a"b\n', -2, []],
    ['"a,b\n', OPEN, []],
    ['a,"b""\n', OPEN, []],
  ])('reads %j: next %d, fields %j', (text, next, texts) => {
    expect(scan(text)).toMatchObject(next < 0 ? { next } : { next, texts });
  });

  it('counts fields for which there is no room, line breaks and doubled quotes', () => {
    const { texts, fields } = scan('a,"b\n\n""",c,d\n', 2);
    expect(texts).toEqual(['a', 'b\n\n"']);
    expect(fields).toMatchObject({ count: 4, breaks: 2, doubled: true });
    expect(scan('a,b\n').fields).toMatchObject({ count: 2, breaks: 0, doubled: false });
  });

  it('writes fields where it is told', () => {
    const fields = newFields(4);
    fields.at = 2;
    fields.room = 2;
    expect(scanRecord(Buffer.from('ab,\n'), 0, separatorOf({ delimiter: ',' }), fields)).toBe(4);
    expect([...fields.starts, ...fields.ends]).toEqual([0, 0, 0, -1, 0, 0, 2, 3]);
  });
});
