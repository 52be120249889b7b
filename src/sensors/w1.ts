/**
 * `w1:[ID]`: a DS18B20 or similar on a 1-Wire bus, ID such as 28-000005e2fdc3. Default: the first one.
 *
 * Rejects values outside the chip's range, that of a chip without power (127.937), and 85 °C before the first
 * measurement, which the scratchpad in `w1_slave` tells from a real one.
 */

import { join } from 'node:path';
import type { Address } from '../addresses/parse.ts';
import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { formatRange, inRange, parseRange, type Range } from '../readings/range.ts';
import { type Decimal, formatDecimal } from '../stats/decimal.ts';
import type { FoundSensor, Sensor, SensorIo } from './sensor.ts';
import { listNames, parseMillidegrees, readAttribute, readOptional, sysPath } from './sysfs.ts';

interface Chip {
  readonly name: string;
  /** Its measuring range in °C. */
  readonly range: Range;
}

interface Thermometer {
  readonly id: string;
  readonly folder: string;
  readonly chip: Chip;
}

/** By family code, the first byte of an ID. */
const CHIPS: ReadonlyMap<string, Chip> = new Map([
  ['10', { name: 'DS18S20', range: parseRange('-55..125') }],
  ['22', { name: 'DS1822', range: parseRange('-55..125') }],
  ['28', { name: 'DS18B20', range: parseRange('-55..125') }],
  // The MAX31850 reads thermocouples.
  ['3b', { name: 'DS1825 or MAX31850', range: parseRange('-270..1800') }],
  ['42', { name: 'DS28EA00', range: parseRange('-40..85') }],
]);
const ID = /^[0-9a-f]{2}-[0-9a-f]+$/i;
const POWER_ON = '85.000';
const WITHOUT_POWER = '127.937';

export default function openW1({ rest, shown }: Address, io: SensorIo): Sensor {
  return {
    name: rest || 'w1',
    unit: 'C',
    async read({ signal }) {
      signal.throwIfAborted();
      const thermometers = await thermometersOf(io);
      const found = thermometers.find(({ id }) => rest === '' || id === rest);
      if (found === undefined)
        throw new Failure(status.unavailable, `${shown}: no such thermometer on the bus`);
      const value = await measuredValue(found.folder, shown);
      checkValue(value, found.chip, shown);
      return { value, sensor: found.id };
    },
  };
}

/** All thermometers. @throws Failure */
export async function findSensors(io: SensorIo): Promise<FoundSensor[]> {
  const thermometers = await thermometersOf(io);
  return thermometers.map(({ id, chip }) => ({ address: `w1:${id}`, label: chip.name }));
}

/** The thermometers among the devices on the bus. */
async function thermometersOf(io: SensorIo): Promise<Thermometer[]> {
  const folder = sysPath(io, 'bus', 'w1', 'devices');
  const ids = await listNames(folder, ID);
  return ids.flatMap((id) => {
    const chip = CHIPS.get(id.slice(0, 2).toLowerCase());
    return chip === undefined ? [] : { id, folder: join(folder, id), chip };
  });
}

/** Reads `temperature`, on newer kernels, else `w1_slave`, which also shows the scratchpad and measures again. */
async function measuredValue(device: string, shown: string): Promise<Decimal> {
  const path = join(device, 'temperature');
  const text = await readOptional(path);
  const quick = text ? parseMillidegrees(text, path) : undefined;
  if (quick !== undefined && formatDecimal(quick) !== POWER_ON) return quick;
  const lines = join(device, 'w1_slave');
  const both = quick === undefined ? await readAttribute(lines) : await readOptional(lines);
  const value = both === undefined ? quick : parseBothLines(both, lines);
  if (value !== undefined && (formatDecimal(value) !== POWER_ON || isMeasured(both))) return value;
  throw notMeasured(shown, `${POWER_ON} is what the chip has after power-on`);
}

/** @throws Failure */
function parseBothLines(text: string, path: string): Decimal {
  const [check = '', measured = ''] = text.split('\n');
  if (!/crc=[0-9a-f]{2} YES\s*$/i.test(check)) {
    throw new Failure(status.temporary, `${path}: checksum does not match: ${quote(check)}`);
  }
  // A shorted bus reads as zeros, with a valid checksum.
  if (/^(?:00 ){9}/.test(check)) throw new Failure(status.temporary, `${path}: nothing on the bus but zeros`);
  const last = measured.trimEnd().split(/\s/).at(-1) ?? '';
  return parseMillidegrees(last.startsWith('t=') ? last.slice('t='.length) : measured, path);
}

/**
 * Whether the scratchpad shows that 85 °C was measured. Byte 6 is 0c after power-on; a measured 85 °C, which has no
 * sixteenths, makes it 10. A thermocouple, whose byte 4 starts with f, has no power-on value.
 */
function isMeasured(lines: string | undefined): boolean {
  return /^(?:50 05 (?:[0-9a-f]{2} ){4}10 |(?:[0-9a-f]{2} ){4}f[0-9a-f] ff ff )/i.test(lines ?? '');
}

/** @throws Failure (temporary) */
function checkValue(value: Decimal, { name, range }: Chip, shown: string): void {
  const text = formatDecimal(value);
  // In range for a thermocouple, but its steps are a quarter of a degree: here the fault bit is set.
  if (text === WITHOUT_POWER) throw notMeasured(shown, `${text} is what a chip without power has`);
  if (!inRange(value, range))
    throw notMeasured(shown, `${text} is outside ${formatRange(range)}, the range of a ${name}`);
}

function notMeasured(shown: string, why: string): Failure {
  return new Failure(status.temporary, `${shown}: not measured: ${why}`);
}
