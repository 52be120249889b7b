import { expect, it } from 'vitest';
import { newestFirst, withNumbers } from '../../../../src/dashboard/page/table/table-lines.ts';
import { row } from '../page-rows.ts';

const series = (sensor: string, ...rows: ReturnType<typeof row>[]) => ({
  ...{ sensor, step: 100, thinned: false, rows },
});
const style = { unit: 'C', zone: 'utc', now: 1000 } as const;

it('the rows of all sensors come newest first, with the gaps before them', () => {
  const lines = newestFirst(
    [series('a', row(0, 100), row(400, 500, { gap: true })), series('b', row(100, 200), row(500, 600))],
    { from: 0, to: 550 },
  );
  expect(lines.map(({ sensor, row: { end }, gap }) => [sensor, end, gap])).toEqual([
    ['b', 600, 0],
    ['a', 500, 300],
    ['b', 200, 0],
    ['a', 100, 0],
  ]);
});

it('a gap before the first row of a span is not told', () => {
  const rows = series('a', row(0, 100), row(400, 500, { gap: true }));
  expect(newestFirst([rows], { from: 300, to: 600 }).map(({ gap }) => gap)).toEqual([0]);
});

it('all lines have the same decimals', () => {
  const lines = newestFirst([series('a', row(0, 100, { min: 19.25 }), row(100, 200))], { from: 0, to: 900 });
  expect(withNumbers(lines, style).map(({ numbers }) => numbers[0]?.text)).toEqual(['19.00', '19.25']);
});
