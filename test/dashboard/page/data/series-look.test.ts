import { expect, it } from 'vitest';
import { looksOf } from '../../../../src/dashboard/page/data/series-look.ts';
import { entry, now } from '../entries.ts';

const hour = entry('1h', now - 3_600_000, now);
const limits = { min: undefined, max: 30 };
const look = looksOf(
  [
    { ...hour, limits },
    { ...hour, window: '1d', unit: '°C', limits },
    { ...hour, sensor: 'bytes', unit: 'B' },
  ],
  '1h',
  'F',
);

it('a sensor has the unit of its window, or of another one that says it', () => {
  expect(look('attic').display.sign).toBe('°F');
  expect(look('bytes').display).toMatchObject({ sign: 'B', isFahrenheit: false });
});

it('a sensor has its limits, and one that is not there has neither', () => {
  expect(look('attic').limits.max).toBe(30);
  expect(look('gone')).toMatchObject({ sensor: 'gone', display: { sign: '' }, limits: {} });
});
