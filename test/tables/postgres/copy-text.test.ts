import { describe, expect, it } from 'vitest';
import { CopyText } from '../../../src/tables/postgres/copy-text.ts';
import { batchOf } from '../batch-of.ts';

const csvOf = (text: string, delimiter = ',') => ({
  bytes: Buffer.from(text),
  delimiter: delimiter.charCodeAt(0),
});

describe('CopyText', () => {
  it('puts tabs between fields, and a backslash before special characters', () => {
    const rows = [
      ['a', null, ''],
      ['\\N', '\t\n\r\\', 'é\v'],
    ];
    const { bytes, options } = new CopyText().encode(batchOf(rows));
    expect([bytes.toString(), options]).toEqual(['a\t\\N\t\n\\\\N\t\\t\\n\\r\\\\\té\v\n', '']);
  });

  it('uses its memory again, also for more', () => {
    const copy = new CopyText();
    const long = '\\'.repeat(100_000);
    expect(copy.encode(batchOf([[long, null]])).bytes).toHaveLength(200_004);
    expect(copy.encode(batchOf([['a']])).bytes.toString()).toBe('a\n');
  });

  it.each([
    [',', ` (FORMAT csv, DELIMITER ',')`],
    ["'", ` (FORMAT csv, DELIMITER '''')`],
    ['\t', ` (FORMAT csv, DELIMITER '\t')`],
  ])('hands on CSV with the delimiter %j as it came', (delimiter, options) => {
    const batch = batchOf([['x']]);
    batch.csv = csvOf(`x${delimiter}y\n`, delimiter);
    expect(new CopyText().encode(batch)).toEqual({ bytes: batch.csv.bytes, options });
  });

  it.each(['x\r\n', '"\\."\n'])('does not hand on CSV that Postgres reads in another way: %j', (text) => {
    const batch = batchOf([['x']]);
    batch.csv = csvOf(text);
    expect(new CopyText().encode(batch)).toMatchObject({ bytes: Buffer.from('x\n'), options: '' });
  });
});
