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
  const some = ['', ...'B B/s bit W Wh Hz requests lines/s lines/min /s'.split(' ')];
  expect(some.filter(takesPrefix)).toEqual(some);
  expect('% °C K m s ms kB kWh hPa ppm µg/m³'.split(' ').filter(takesPrefix)).toEqual([]);
});
