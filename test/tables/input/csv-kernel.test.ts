import fc from 'fast-check';
import { expect, it } from 'vitest';
import { makeKernel } from '../../../src/tables/input/csv-kernel.ts';
import { newFields, scanRecord } from '../../../src/tables/input/csv-record.ts';

const COLUMNS = 3;
const PLAIN = ['a,b,c\n', ',,\n', '"x,y",é,""\n', 'a long field of many letters,"",z\n'];
const ODD = ['a', 'bc', ',', '\n', '"', '"",', '"x"', '\r\n', 'é', ' '.repeat(15)];
const piece = fc.oneof(fc.constantFrom(...PLAIN), fc.constantFrom(...ODD));

it('finds fields where they are found with care, and takes nothing that is odd', () => {
  const kernel = makeKernel({ columns: COLUMNS, delimiter: 44, headerLength: 0 });
  if (kernel === undefined) throw new Error('no kernel');
  let taken = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.nat(20), (pieces, margin) => {
      const start = margin;
      const bytes = Buffer.from(`${'#'.repeat(margin)}${pieces.join('')}\n`);
      const { records, starts, ends, places, next } = kernel.scan(bytes, start, 1000);
      let at = start;
      for (let record = 0; record < records; record++) {
        const fields = newFields(COLUMNS);
        expect(places[record]).toBe(at);
        at = scanRecord(bytes, at, 44, fields);
        expect({ count: fields.count, breaks: fields.breaks, doubled: fields.doubled }).toEqual({
          count: COLUMNS,
          breaks: 0,
          doubled: false,
        });
        const range = [record * COLUMNS, (record + 1) * COLUMNS] as const;
        expect([...starts.subarray(...range)]).toEqual([...fields.starts]);
        expect([...ends.subarray(...range)]).toEqual([...fields.ends]);
      }
      expect(next).toBe(at);
      taken += records;
    }),
    { numRuns: 3000 },
  );
  expect(taken).toBeGreaterThan(500);
});

it('stops at what may be the header, at a full batch, and in front of a line that is too long', () => {
  const kernel = makeKernel({ columns: 2, delimiter: 59, headerLength: 4 });
  const scan = (text: string, most = 10) => kernel?.scan(Buffer.from(text), 0, most).records;
  expect(scan('aa;b\nc;d\ne;f\n')).toBe(1);
  expect(scan('aa;b\naa;b\naa;b\n', 2)).toBe(2);
  expect(scan(`aa;b\n${'x'.repeat(300_000)};y\n`)).toBe(1);
  expect(scan(`${'x'.repeat(300_000)};y\n`)).toBe(0);
});
