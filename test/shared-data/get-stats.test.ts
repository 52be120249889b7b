import { describe, expect, it } from 'vitest';
import { run } from '../harness.ts';
import { isMissing, sharedData } from '../shared-data.ts';
import { expectDays, expectStations } from '../tools/known-answers.ts';

const READINGS = sharedData('weather/nyc-2013.readings.csv');

describe.skipIf(isMissing)('get-stats', () => {
  it.each([
    ['UTC', 'nyc-2013.daily-utc.expected.csv'],
    ['America/New_York', 'nyc-2013.daily-new-york.expected.csv'],
  ])('sums up a year of three airports by day in %s', async (zone, days) => {
    expect(await expectDays(READINGS, sharedData(`weather/${days}`), zone)).toContain(
      '1 of 26115 lines rejected: 1 empty',
    );
  });

  it('takes the same year from the original CSV by column names', async () => {
    const words = ['--time', 'time_hour', '--sensor', 'origin', '--value', 'temp', '-w', '1d'];
    const original = await run('get-stats', [...words, sharedData('weather/nyc-2013.csv')]);
    const readings = await run('get-stats', ['-w', '1d', READINGS]);
    expect(original.stdout).toBe(readings.stdout);
    expect(original.stderr).toContain('1 of 26115 lines rejected: 1 not a number');
  });

  it.each(['1', '2', '3', '10', '20'])('answers the One Billion Row sample %s', async (sample) => {
    const path = sharedData(`1brc/measurements-${sample}`);
    await expectStations(`${path}.txt`, `${path}.out`);
  });
});
