/**
 * `w1:[ID]`: a DS18B20 or the like on a 1-Wire bus, ID such as 28-000005e2fdc3. Default: the first one.
 *
 * The chip's value before its first measurement (85 °C) and those of a broken wire (-127) or a chip without power (127.937) are
 * not readings. Byte 6 of the scratchpad, which `w1_slave` shows, tells a real 85 °C from the one before a measurement.
 */

import { join } from 'node:path';
import type { Address } from '../addresses/parse.ts';
import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { type Decimal, formatDecimal } from '../stats/decimal.ts';
import type { Sensor, SensorIo } from './sensor.ts';
import { listNames, parseMillidegrees, readAttribute, readOptional, sysPath } from './sysfs.ts';

const THERMOMETER = /^(?:10|22|28|3b|42)-[0-9a-f]+$/i;
const NOT_MEASURED = new Set(['85.000', '-127.000', '127.937']);

export default function openW1({ rest, shown }: Address, io: SensorIo): Sensor {
  return {
    name: rest || 'w1',
    unit: 'C',
    async read({ signal }) {
      signal.throwIfAborted();
      const folder = sysPath(io, 'bus', 'w1', 'devices');
      const devices = await listNames(folder, THERMOMETER);
      const id = rest === '' ? devices[0] : devices.find((device) => device === rest);
      if (id === undefined) throw new Failure(status.unavailable, `${shown}: no such thermometer on the bus`);
      const value = await readThermometer(join(folder, id));
      if (NOT_MEASURED.has(formatDecimal(value)) && !(await isReal85(join(folder, id), value))) {
        throw new Failure(
          status.temporary,
          `${shown}: not measured: ${formatDecimal(value)} is the chip's own`,
        );
      }
      return { value, sensor: id };
    },
  };
}

/** Reads `temperature`, which newer kernels have, else the two lines of `w1_slave`. */
async function readThermometer(device: string): Promise<Decimal> {
  const path = join(device, 'temperature');
  const text = await readOptional(path);
  return text ? parseMillidegrees(text, path) : readBothLines(join(device, 'w1_slave'));
}

async function readBothLines(path: string): Promise<Decimal> {
  const [check = '', measured = ''] = (await readAttribute(path)).split('\n');
  if (!/crc=[0-9a-f]{2} YES\s*$/i.test(check)) {
    throw new Failure(status.temporary, `${path}: checksum does not agree: ${quote(check)}`);
  }
  // A shorted bus reads as zeros, and their checksum is right.
  if (/^(?:00 ){9}/.test(check)) throw new Failure(status.temporary, `${path}: nothing on the bus but zeros`);
  const last = measured.trimEnd().split(/\s/).at(-1) ?? '';
  return parseMillidegrees(last.startsWith('t=') ? last.slice('t='.length) : measured, path);
}

/** Byte 6 of the scratchpad is 0c after power-on; a measured 85 °C, which has no sixteenths, makes it 10. */
async function isReal85(device: string, value: Decimal): Promise<boolean> {
  if (formatDecimal(value) !== '85.000') return false;
  const scratchpad = await readOptional(join(device, 'w1_slave'));
  return /^50 05 (?:[0-9a-f]{2} ){4}10 (?:[0-9a-f]{2} ){2}: crc=[0-9a-f]{2} YES\s/i.test(scratchpad ?? '');
}
