/**
 * `hwmon:[CHIP[/INPUT]]`: a temperature of the computer itself, from /sys/class/hwmon.
 *
 * CHIP is a chip's name such as coretemp; of several with this name the first, or nvme-nvme1, the one of that device; or
 * hwmon3. INPUT is temp1 or a label such as "Package id 0". Default: the first one found.
 */

import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import type { Address } from '../addresses/parse.ts';
import { Failure, status } from '../failure.ts';
import type { FoundSensor, Sensor, SensorIo } from './sensor.ts';
import { isPlainName, listIfThere, listNames, readMillidegrees, readOptional, sysPath } from './sysfs.ts';

interface Chip {
  readonly folder: string;
  /** Such as hwmon3; it may be another one after a restart. */
  readonly id: string;
  readonly name: string;
}

interface Input {
  readonly chip: Chip;
  /** Such as temp1. */
  readonly name: string;
  /** Its files without their endings: `.../hwmon0/temp1`. */
  readonly path: string;
}

export default function openHwmon({ rest, shown }: Address, io: SensorIo): Sensor {
  const slash = rest.indexOf('/');
  const chip = slash < 0 ? rest : rest.slice(0, slash);
  const wanted = slash < 0 ? '' : rest.slice(slash + 1);
  return {
    name: rest || 'hwmon',
    unit: 'C',
    async read({ signal }) {
      signal.throwIfAborted();
      const input = await findInput(io, chip, wanted);
      if (input === undefined) throw new Failure(status.unavailable, `${shown}: no such temperature`);
      if ((await readOptional(`${input.path}_fault`)) === '1') {
        throw new Failure(status.temporary, `${shown}: the sensor reports a fault`);
      }
      return { value: await readMillidegrees(`${input.path}_input`), sensor: rest || input.chip.name };
    },
  };
}

/** All temperatures of all chips. @throws Failure */
export async function findSensors(io: SensorIo): Promise<FoundSensor[]> {
  const chips = await chipsOf(io);
  const found: FoundSensor[] = [];
  for (const chip of chips) {
    const ownName = await distinctName(chip, chips);
    for (const { name, path } of await inputsOf(chip)) {
      const label = await readOptional(`${path}_label`);
      found.push({ address: `hwmon:${ownName}/${name}`, label: label || name });
    }
  }
  return found;
}

async function findInput(io: SensorIo, wantedChip: string, wanted: string): Promise<Input | undefined> {
  for (const chip of await chipsOf(io)) {
    if (!(await isCalled(wantedChip, chip))) continue;
    for (const input of await inputsOf(chip)) {
      if (wanted === '' || wanted === input.name || wanted === (await readOptional(`${input.path}_label`)))
        return input;
    }
  }
  return undefined;
}

async function isCalled(wanted: string, chip: Chip): Promise<boolean> {
  if (wanted === '' || wanted === chip.name || wanted === chip.id) return true;
  return wanted.startsWith(`${chip.name}-`) && wanted === (await nameWithDevice(chip));
}

async function chipsOf(io: SensorIo): Promise<Chip[]> {
  const folder = sysPath(io, 'class', 'hwmon');
  const chips: Chip[] = [];
  for (const id of await listNames(folder, /^hwmon\d+$/)) {
    const name = await readOptional(join(folder, id, 'name'));
    chips.push({ folder: join(folder, id), id, name: name || id });
  }
  return chips;
}

async function inputsOf(chip: Chip): Promise<Input[]> {
  const files = await listIfThere(chip.folder, /^temp\d+_input$/);
  const names = files.map((file) => file.slice(0, -'_input'.length));
  return names.map((name) => ({ chip, name, path: join(chip.folder, name) }));
}

/** A name that no other chip has, for an address. */
async function distinctName(chip: Chip, chips: readonly Chip[]): Promise<string> {
  const namesakes = chips.filter(({ name }) => name === chip.name);
  const names = namesakes.length === 1 ? [chip.name] : await Promise.all(namesakes.map(nameWithDevice));
  const name = names[namesakes.indexOf(chip)] ?? chip.id;
  const isDistinct = names.indexOf(name) === names.lastIndexOf(name);
  return isDistinct && isPlainName(name) ? name : chip.id;
}

/** Such as nvme-nvme1, since no name of a chip has a dash; undefined when the chip has no device, or is gone. */
async function nameWithDevice({ folder, name }: Chip): Promise<string | undefined> {
  const device = await fs.readlink(join(folder, 'device')).catch(() => undefined);
  return device === undefined ? undefined : `${name}-${basename(device)}`;
}
