import { symlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { status } from '../../src/failure.ts';
import { readValue, tree } from './sensor-io.ts';

function twoChips(): Promise<string> {
  return tree({
    'class/hwmon/hwmon0/name': 'acpitz\n',
    'class/hwmon/hwmon0/in0_input': '12000\n',
    'class/hwmon/hwmon2/name': 'coretemp\n',
    'class/hwmon/hwmon2/temp10_input': '50000\n',
    'class/hwmon/hwmon2/temp10_label': 'Core 8\n',
    'class/hwmon/hwmon2/temp2_input': '-4250\n',
    'class/hwmon/hwmon2/temp2_label': 'Package id 0/1\n',
    'class/hwmon/hwmon2/temp3_input': '61000\n',
    'class/hwmon/hwmon2/temp3_fault': '1\n',
    'class/hwmon/hwmon10/name': 'coretemp\n',
    'class/hwmon/hwmon10/temp7_input': '70000\n',
    secret_input: '1\n',
    'class/hwmon/name': 'x\n',
    'class/hwmon/temp1_input': '1\n',
  });
}

describe('hwmon:', () => {
  it.each([
    ['hwmon:', '-4.250'],
    ['hwmon:coretemp', '-4.250'],
    ['hwmon:coretemp/temp10', '50.000'],
    ['hwmon:coretemp/Core 8', '50.000'],
    ['hwmon:coretemp/Package id 0/1', '-4.250'],
    ['hwmon:coretemp/temp7', '70.000'],
  ])('finds %s', async (address, value) => {
    expect(await readValue(address, { ETL_SYSFS: await twoChips() })).toBe(value);
  });

  it.each([
    'hwmon:acpitz',
    'hwmon:nvme',
    'hwmon:coretemp/temp1',
    'hwmon:..',
    'hwmon:coretemp/../../../secret',
  ])('does not find %s', async (address) => {
    await expect(readValue(address, { ETL_SYSFS: await twoChips() })).rejects.toMatchObject({
      status: status.unavailable,
    });
  });

  it('does not read an input with a fault', async () => {
    await expect(readValue('hwmon:coretemp/temp3', { ETL_SYSFS: await twoChips() })).rejects.toMatchObject({
      status: status.temporary,
    });
  });

  it('follows links, as the real /sys is made of', async () => {
    const root = await tree({
      'devices/x/name': 'nvme\n',
      'devices/x/temp1_input': '30850\n',
      'class/hwmon/none': '',
    });
    await symlink('../../devices/x', `${root}/class/hwmon/hwmon0`);
    expect(await readValue('hwmon:nvme', { ETL_SYSFS: root })).toBe('30.850');
  });
});
