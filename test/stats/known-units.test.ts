import { expect, it } from 'vitest';
import { isCelsius, signOfUnit, takesPrefix } from '../../src/stats/known-units.ts';

it('°C is told from other units, however it is written', () => {
  expect(['°C', '℃', 'Cel', 'degC', 'C', '°F', 'K', ''].map(isCelsius)).toEqual([
    ...[true, true, true, true, false, false, false, false],
  ]);
});

it('a number that is only counted has no sign', () => {
  expect([undefined, '1', '%', '°C'].map(signOfUnit)).toEqual(['', '', '%', '°C']);
});

it('prefixes are for bytes, counts, and units with which people use them', () => {
  const all = [
    '',
    'B',
    'B/s',
    'bit',
    'W',
    'requests',
    'lines/s',
    '/s',
    'Wh',
    '%',
    '°C',
    'K',
    'm',
    's',
    'kB',
    'hPa',
  ];
  expect(all.filter(takesPrefix)).toEqual(all.slice(0, 9));
});
