import { expect, it } from 'vitest';
import type { Line } from '../../../src/lines/line.ts';
import { SourceCursor } from '../../../src/tables/input/source-cursor.ts';

it('rejects a record with the number of its first line, and moves on behind its last', () => {
  const rejected: [Line, string][] = [];
  const cursor = new SourceCursor('a.csv', (line, { kind }) => rejected.push([line, kind]));
  for (const record of ['one\r\n', 'two\n"lines"\n', 'half'])
    cursor.reject(Buffer.from(record), { kind: 'bad', detail: '' });
  expect(rejected).toEqual([
    [{ text: 'one', source: 'a.csv', number: 1, torn: false }, 'bad'],
    [{ text: 'two\n"lines"', source: 'a.csv', number: 2, torn: false }, 'bad'],
    [{ text: 'half', source: 'a.csv', number: 4, torn: true }, 'bad'],
  ]);
  expect(`${cursor}`).toBe('a.csv:5');
});
