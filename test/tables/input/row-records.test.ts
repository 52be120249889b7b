import { expect, it } from 'vitest';
import { RowRecords } from '../../../src/tables/input/row-records.ts';

it('knows the record and the line of each row', () => {
  const bytes = Buffer.from('a\r\n"b\nc"\nd');
  const records = new RowRecords('a.csv', bytes);
  for (let times = 0; times < 50; times++) {
    records.add(0, 3, 2);
    records.add(3, 9, 3);
  }
  records.add(9, 10, 5);
  expect(records.line(98)).toEqual(
    expect.objectContaining({ text: 'a', source: 'a.csv', number: 2, torn: false }),
  );
  expect(records.line(99)).toMatchObject({ text: '"b\nc"', number: 3, torn: false });
  expect(records.line(100)).toMatchObject({ text: 'd', number: 5, torn: true });
});
