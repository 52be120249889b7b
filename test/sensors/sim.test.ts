import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSensor } from '../../src/sensors/open.ts';
import { formatDecimal } from '../../src/stats/decimal.ts';
import { readOnce, sensorIo } from './sensor-io.ts';

async function climate(address: string): Promise<(time: number) => number> {
  const sensor = await openSensor(address, sensorIo());
  return (time) => {
    const measurement = sensor.at?.(time);
    return measurement === undefined ? Number.NaN : Number(formatDecimal(measurement.value));
  };
}

const anyTime = fc.integer({ min: -62_135_596_800_000, max: 99_999_999_999_999 });

describe('sim:', () => {
  it('gives the same values as ever', async () => {
    const attic = await climate('sim:attic');
    const times = [
      '2026-01-01T00:00:00Z',
      '2026-07-21T15:00:00Z',
      '1969-12-31T23:59:59Z',
      '2000-02-29T06:30:00Z',
    ];
    expect(times.map((time) => attic(Date.parse(time)))).toEqual([6.1, 25.18, 6.24, 7.97]);
  });

  it('reads what it shows at that time, with that time', async () => {
    const sensor = await openSensor('sim:attic', sensorIo());
    const measurement = await readOnce(sensor);
    expect(measurement).toEqual(sensor.at?.(measurement?.time ?? 0));
  });

  it('stays within mean ± (swing + noise), at any time', async () => {
    const cold = await climate('sim:cold?mean=-20&swing=5&noise=2');
    fc.assert(
      fc.property(anyTime, (time) => {
        expect(Math.abs(cold(time) + 20)).toBeLessThanOrEqual(7.01);
      }),
    );
  });

  it('is warmer in the afternoon than before sunrise, and in July than in January', async () => {
    const calm = await climate('sim:?noise=0');
    const at = (time: string) => calm(Date.parse(time));
    expect(at('2026-04-10T15:00:00Z')).toBeGreaterThan(at('2026-04-10T03:00:00Z') + 7);
    expect(at('2026-07-21T12:00:00Z')).toBeGreaterThan(at('2026-01-20T12:00:00Z') + 11);
  });

  it('moves smoothly', async () => {
    const attic = await climate('sim:attic');
    fc.assert(
      fc.property(anyTime, (time) => {
        expect(Math.abs(attic(time) - attic(time + 1000))).toBeLessThan(0.1);
      }),
    );
  });

  it('is another sensor with another name or seed, and the same with the same seed', async () => {
    const times = Array.from({ length: 50 }, (_, hour) => hour * 3_600_000);
    const [attic, cellar, seeded] = await Promise.all(
      ['sim:attic', 'sim:cellar', 'sim:cellar?seed=attic'].map(climate),
    );
    expect(times.map((time) => cellar?.(time))).not.toEqual(times.map((time) => attic?.(time)));
    expect(times.map((time) => seeded?.(time))).toEqual(times.map((time) => attic?.(time)));
  });
});
