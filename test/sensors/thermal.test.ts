import { describe, expect, it } from 'vitest';
import { status } from '../../src/failure.ts';
import { readValue, tree } from './sensor-io.ts';

function zones(): Promise<string> {
  return tree({
    'class/thermal/thermal_zone10/type': 'gpu-thermal\n',
    'class/thermal/thermal_zone10/temp': '55123\n',
    'class/thermal/thermal_zone2/type': 'cpu-thermal\n',
    'class/thermal/thermal_zone2/temp': '-100\n',
  });
}

describe('thermal:', () => {
  it.each([
    ['thermal:', '-0.100'],
    ['thermal:2', '-0.100'],
    ['thermal:10', '55.123'],
    ['thermal:gpu-thermal', '55.123'],
  ])('finds %s', async (address, value) => {
    expect(await readValue(address, { ETL_SYSFS: await zones() })).toBe(value);
  });

  it.each(['thermal:0', 'thermal:../thermal_zone2', 'thermal:fan'])('does not find %s', async (address) => {
    await expect(readValue(address, { ETL_SYSFS: await zones() })).rejects.toMatchObject({
      status: status.unavailable,
    });
  });
});
