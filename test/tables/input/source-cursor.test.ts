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

it('rejects what is too long for that, and shows the beginning', () => {
  const rejected: [number, string][] = [];
  const cursor = new SourceCursor('a', ({ text }, { kind }) => rejected.push([text.length, kind]));
  cursor.reject(Buffer.alloc(2_000_000, 'x'), { kind: 'bad', detail: '' });
  expect(rejected).toEqual([[1024, 'too long']]);
});
