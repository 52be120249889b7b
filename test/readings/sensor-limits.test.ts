import { expect, it } from 'vitest';
import { areCrossed, limitsBySensor, parseLimits } from '../../src/readings/sensor-limits.ts';
import { formatDecimal } from '../../src/stats/decimal.ts';

function limits(max: string, min: string | undefined, sensor: string): (string | undefined)[] {
  const found = limitsBySensor({ max: parseLimits(max), min: min === undefined ? [] : parseLimits(min) })(
    sensor,
  );
  return [found.max, found.min].map((limit) => limit && formatDecimal(limit));
}

it('a number is the limit of all sensors', () => {
  expect(limits('30.50', '-5', 'attic')).toEqual(['30.50', '-5']);
  expect(limits('30', undefined, '')).toEqual(['30', undefined]);
});

it('the first pattern that matches is the one', () => {
  const list = 'attic*=30, a=b*=1 ,*humidity=70';
  expect(
    ['attic/humidity', 'a=bc', 'cellar humidity', 'roof'].map((name) => limits(list, list, name)[0]),
  ).toEqual([...['30', '1', '70', undefined]]);
  expect(limits('attic=30,99', undefined, 'roof')).toEqual(['99', undefined]);
});

it.each(['warm', '', 'a=', 'a=1,', '=1e', '0x10'])('%j is refused', (text) => {
  expect(() => parseLimits(text)).toThrow('not a number: ');
});

it('a minimum above the maximum of the same sensors leaves nothing', () => {
  const crossed = (max: string, min: string) => areCrossed({ max: parseLimits(max), min: parseLimits(min) });
  expect([crossed('1', '2'), crossed('a=1,b=3', 'b=4'), crossed('1', '1'), crossed('a=1', 'b=2')]).toEqual([
    ...[true, true, false, false],
  ]);
});
