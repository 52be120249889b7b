import { expect, it } from 'vitest';
import { displayOf } from '../../../../src/dashboard/page/data/display-units.ts';
import { newestFirst, withNumbers } from '../../../../src/dashboard/page/table/table-lines.ts';
import { entry } from '../entries.ts';
import { hours, row } from '../page-rows.ts';

const series = (sensor: string, ...rows: ReturnType<typeof row>[]) => ({
  ...{ sensor, step: 0.1, thinned: false, rows },
});
const known = (sensor: string, first: number) => ({ ...entry('1h', 0, 0), sensor, every: 100, from: first });
const limits = { min: undefined, max: undefined };
const display = displayOf('°C', 'C');
const style = { look: (sensor: string) => ({ sensor, display, limits }), zone: 'utc', now: 1000 } as const;

/** `a 0-100` for a row, `a -100-400` for a gap. */
function told(lines: ReturnType<typeof newestFirst>): string[] {
  return lines.map((line) =>
    'row' in line
      ? `${line.sensor} ${line.row.start}-${line.row.end}`
      : `${line.sensor} no ${line.from}-${line.to}`,
  );
}

it('the rows of all sensors come newest first, with the gaps between them', () => {
  const lines = newestFirst(
    [series('a', row(0, 100), row(400, 500)), series('b', row(300, 400), row(400, 500), row(500, 600))],
    { from: 0, to: 550, now: 550, entries: [known('a', 100), known('b', 400)] },
  );
  expect(told(lines)).toEqual([
    ...['b 500-600', 'a 400-500', 'b 400-500', 'b 300-400', 'a no 100-400', 'a 0-100'],
  ]);
});

it('the gaps at both ends are told, those before the first row of a series and in the future are not', () => {
  const lines = (from: number, first: number, now = 1000) =>
    told(newestFirst([series('a', ...hours(3))], { from, to: 900, now, entries: [known('a', first)] }));
  expect(lines(-500, 100)).toEqual(['a no 300-900', 'a 200-300', 'a 100-200', 'a 0-100']);
  expect(lines(-500, -900)).toEqual(['a no 300-900', 'a 200-300', 'a 100-200', 'a 0-100', 'a no -500-0']);
  expect(lines(150, 100, 400)).toEqual(['a 200-300', 'a 100-200']);
});

it('a span without any row is a gap', () => {
  const lines = (from: number, to: number) =>
    told(newestFirst([series('a')], { from, to, now: 2000, entries: [known('a', 500)] }));
  expect(lines(600, 1000)).toEqual(['a no 600-1000']);
  expect(lines(100, 400)).toEqual([]);
  expect(lines(3000, 4000)).toEqual([]);
});

it('a gap between rolling windows is from end to end', () => {
  const rows = [0, 10, 20, 80, 90].map((end) => row(end - 100, end));
  const lines = newestFirst([{ ...series('a', ...rows), step: 0.01 }], {
    ...{ from: 0, to: 90, now: 90, entries: [{ ...known('a', 0), every: 10 }] },
  });
  expect(told(lines).filter((line) => line.includes('no'))).toEqual(['a no 20-80']);
});

it('all lines have the same decimals', () => {
  const rows = series('a', row(0, 100, { min: 19.25 }), row(100, 200));
  const lines = newestFirst([rows], { from: 0, to: 200, now: 200, entries: [] });
  expect(withNumbers(lines, style).map((line) => 'row' in line && line.numbers[0]?.text)).toEqual([
    ...['19.00', '19.25'],
  ]);
});
