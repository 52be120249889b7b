import { expect, it } from 'vitest';
import { displayOf } from '../../../../src/dashboard/page/data/display-units.ts';
import { isLegendPart, partsOf, toggled } from '../../../../src/dashboard/page/data/legend.ts';
import { row } from '../page-rows.ts';

const look = { sensor: 'a', display: displayOf('°C', 'C'), limits: { min: undefined, max: undefined } };
const series = (missing: number) => ({
  ...{ sensor: 'a', step: 1, thinned: false, rows: [row(0, 100, { missing })] },
});

it('names what the charts have, and no marks that there are none of', () => {
  expect(partsOf([series(0)], [look], 1000)).toEqual(['average', 'band']);
  expect(partsOf([series(1)], [look], 1000)).toEqual(['average', 'band', 'missing']);
  // They may still come.
  expect(partsOf([series(1)], [look], 50)).toEqual(['average', 'band']);
  const limited = { ...look, limits: { min: undefined, max: 0 } };
  expect(partsOf([series(0)], [look, limited], 1000)).toEqual(['average', 'band', 'limits']);
});

it('a part has a name of the list', () => {
  expect(['band', 'limits', 'toString', ''].map(isLegendPart)).toEqual([true, true, false, false]);
});

it('what is toggled is in the list, and then no more', () => {
  expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
  expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
});
