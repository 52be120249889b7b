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

  it.each(['85000', '-127000', '-55001', '125001', '127937'])(
    'does not read %s in temperature',
    async (text) => {
      await expect(w1({ [`${DEVICE}/temperature`]: text })).rejects.toMatchObject({
        status: status.temporary,
        message: expect.stringContaining('w1:: not measured: '),
      });
    },
  );

  it.each([
    ['28-1', '85001', '85.001'],
    ['28-1', '84999', '84.999'],
    ['28-1', '-55000', '-55.000'],
    ['28-1', '125000', '125.000'],
    ['10-1', '125000', '125.000'],
    ['3B-1', '1250250', '1250.250'],
  ])('reads of a %s %s, which it can measure', async (id, text, value) => {
    expect(await w1({ [`bus/w1/devices/${id}/temperature`]: text })).toBe(value);
  });

  it.each([
    ['42-1', '85062'],
    ['3b-1', '127937'],
    ['3b-1', '-270001'],
  ])('does not read of a %s %s, which it cannot measure', async (id, text) => {
    await expect(w1({ [`bus/w1/devices/${id}/temperature`]: text })).rejects.toMatchObject({
      status: status.temporary,
    });
  });

  it.each([
    ['byte 6', '28-1', '50 05 4b 46 7f ff 10 10 1c'],
    ['its being of a thermocouple', '3b-1', '50 05 48 15 f0 ff ff ff 1c'],
  ])('reads 85 where the scratchpad tells that it was measured, by %s', async (_, id, line) => {
    const device = `bus/w1/devices/${id}`;
    const slave = { [`${device}/w1_slave`]: `${line} : crc=1c YES\n${line} t=85000\n` };
    expect(await w1(slave)).toBe('85.000');
    expect(await w1({ ...slave, [`${device}/temperature`]: '85000\n' })).toBe('85.000');
  });

  it('takes the second measurement, with the scratchpad, when the first one is 85', async () => {
    const files = { [`${DEVICE}/temperature`]: '85000\n', [`${DEVICE}/w1_slave`]: GOOD };
    expect(await w1(files)).toBe('23.125');
    await expect(w1({ ...files, [`${DEVICE}/w1_slave`]: GOOD.replace('YES', 'NO') })).rejects.toMatchObject({
      status: status.temporary,
    });
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
