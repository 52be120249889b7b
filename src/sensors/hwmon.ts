/**
 * `hwmon:[CHIP[/INPUT]]`: a temperature of this machine, from /sys/class/hwmon.
 *
 * CHIP is a chip's name such as coretemp (the first of that name), a name with its device such as nvme-nvme1, or an id
 * such as hwmon3. INPUT is temp1 or a label such as "Package id 0". Default: the first one found.
 */

import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import type { Address } from '../addresses/parse.ts';
import { Failure, status } from '../failure.ts';
import type { FoundSensor, Sensor, SensorIo } from './sensor.ts';
import {
  isPlainName,
  listIfThere,
  listNames,
  readMillidegrees,
  readOptional,
  shared,
  sysPath,
} from './sysfs.ts';

interface Chip {
  readonly folder: string;
  /** Such as hwmon3; may change on reboot. */
  readonly id: string;
  readonly name: string;
}

interface Input {
  readonly chip: Chip;
  /** Such as temp1. */
  readonly name: string;
  /** The path without suffix: `.../hwmon0/temp1`. */
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
  const names = await distinctNames(chips);
  const found = await Promise.all(
    chips.map(async (chip, at) => {
      const inputs = await inputsOf(chip);
      return Promise.all(inputs.map((input) => foundInput(input, `hwmon:${names[at]}`)));
    }),
  );
  return found.flat();
}

async function foundInput({ name, path }: Input, chip: string): Promise<FoundSensor> {
  return { address: `${chip}/${name}`, label: (await readOptional(`${path}_label`)) || name };
}

async function findInput(io: SensorIo, wantedChip: string, wanted: string): Promise<Input | undefined> {
  for (const chip of await chipsOf(io)) {
    if (!(await isCalled(wantedChip, chip))) continue;
    const inputs = await inputsOf(chip);
    const named = inputs.find(({ name }) => wanted === '' || wanted === name);
    if (named !== undefined) return named;
    for (const input of inputs) if (wanted === (await readOptional(`${input.path}_label`))) return input;
  }
  return undefined;
}

async function isCalled(wanted: string, chip: Chip): Promise<boolean> {
  if (wanted === '' || wanted === chip.name || wanted === chip.id) return true;
  return wanted.startsWith(`${chip.name}-`) && wanted === (await nameWithDevice(chip));
}

const chipsOf = shared(async (io): Promise<Chip[]> => {
  const folder = sysPath(io, 'class', 'hwmon');
  const ids = await listNames(folder, /^hwmon\d+$/);
  return Promise.all(
    ids.map(async (id) => {
      const name = await readOptional(join(folder, id, 'name'));
      return { folder: join(folder, id), id, name: name || id };
    }),
  );
});

async function inputsOf(chip: Chip): Promise<Input[]> {
  const files = await listIfThere(chip.folder, /^temp\d+_input$/);
  const names = files.map((file) => file.slice(0, -'_input'.length));
  return names.map((name) => ({ chip, name, path: join(chip.folder, name) }));
}

/** A unique name of each chip, for addresses. */
async function distinctNames(chips: readonly Chip[]): Promise<string[]> {
  const namesakes = countsOf(chips.map(({ name }) => name));
  const names = await Promise.all(
    chips.map(async (chip) => (namesakes.get(chip.name) === 1 ? chip.name : nameWithDevice(chip))),
  );
  const uses = countsOf(names);
  return chips.map(({ id }, at) => {
    const name = names[at];
    return name !== undefined && uses.get(name) === 1 && isPlainName(name) ? name : id;
  });
}

function countsOf<Key>(keys: readonly Key[]): Map<Key, number> {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Such as nvme-nvme1, unambiguous since chip names have no dash; undefined when the chip has no device, or is gone. */
async function nameWithDevice({ folder, name }: Chip): Promise<string | undefined> {
  const device = await fs.readlink(join(folder, 'device')).catch(() => undefined);
  return device === undefined ? undefined : `${name}-${basename(device)}`;
}
