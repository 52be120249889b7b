import { describe, expect, it } from 'vitest';
import { status } from '../../src/failure.ts';
import { readValue, tree } from './sensor-io.ts';

const DEVICE = 'bus/w1/devices/28-000005e2fdc3';
const GOOD = '72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n';

async function w1(files: Record<string, string>, address = 'w1:'): Promise<string> {
  return readValue(address, { ETL_SYSFS: await tree(files) });
}

describe('w1:', () => {
  it('reads temperature, as newer kernels have it', async () => {
    expect(await w1({ [`${DEVICE}/temperature`]: '23125\n' })).toBe('23.125');
    expect(await w1({ [`${DEVICE}/temperature`]: '-62\n' })).toBe('-0.062');
  });

  it('reads w1_slave when its checksum agrees', async () => {
    expect(await w1({ [`${DEVICE}/w1_slave`]: GOOD })).toBe('23.125');
    expect(await w1({ [`${DEVICE}/w1_slave`]: GOOD, [`${DEVICE}/temperature`]: '' })).toBe('23.125');
  });

  it.each([
    ['a wrong checksum', GOOD.replace('YES', 'NO')],
    ['no checksum', '72 01 4b 46 7f ff 0e 10 57\nt=23125\n'],
    ['nothing', ''],
    ['the power-on value', GOOD.replace('23125', '85000')],
    ['a chip without power', GOOD.replace('23125', '127937')],
    [
      'the power-on value with its scratchpad',
      '50 05 4b 46 7f ff 0c 10 1c : crc=1c YES\n50 05 4b 46 7f ff 0c 10 1c t=85000\n',
    ],
    ['no sensor on the wire', GOOD.replace('23125', '-127000')],
    ['a shorted bus', `${'00 '.repeat(9)}: crc=00 YES\n${'00 '.repeat(9)}t=0\n`],
  ])('takes %s in w1_slave for a passing trouble', async (_, content) => {
    await expect(w1({ [`${DEVICE}/w1_slave`]: content })).rejects.toMatchObject({ status: status.temporary });
  });

  it.each(['85000', '-127000', '127937'])('does not read %s in temperature', async (text) => {
    await expect(w1({ [`${DEVICE}/temperature`]: text })).rejects.toMatchObject({ status: status.temporary });
  });

  it.each([
    ['85001', '85.001'],
    ['84999', '84.999'],
    ['-126999', '-126.999'],
  ])('reads %s, which is a temperature', async (text, value) => {
    expect(await w1({ [`${DEVICE}/temperature`]: text })).toBe(value);
  });

  it('reads 85 where byte 6 of the scratchpad tells that it was measured', async () => {
    const line = '50 05 4b 46 7f ff 10 10 1c';
    expect(await w1({ [`${DEVICE}/w1_slave`]: `${line} : crc=1c YES\n${line} t=85000\n` })).toBe('85.000');
  });

  it('does not read half a line', async () => {
    await expect(w1({ [`${DEVICE}/w1_slave`]: GOOD.slice(0, -7) })).rejects.toMatchObject({
      status: status.unavailable,
    });
  });

  it('finds a thermometer by its ID, and the first one without, never what is none', async () => {
    const files = {
      'bus/w1/devices/00-400000000000/temperature': '1000\n',
      'bus/w1/devices/10-000800000001/temperature': '10000\n',
      'bus/w1/devices/28-000000000002/temperature': '20000\n',
      'bus/w1/secret/temperature': '99000\n',
    };
    expect(await w1(files)).toBe('10.000');
    expect(await w1(files, 'w1:28-000000000002')).toBe('20.000');
    for (const address of ['w1:28-000000000003', 'w1:../secret', 'w1:00-400000000000']) {
      await expect(w1(files, address)).rejects.toMatchObject({ status: status.unavailable });
    }
  });
});
