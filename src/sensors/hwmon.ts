/**
 * `hwmon:[CHIP[/INPUT]]`: a temperature of the computer itself, from /sys/class/hwmon.
 *
 * CHIP is a chip's name such as coretemp, INPUT is temp1 or a label such as "Package id 0". Default: the first one found.
 */

import { join } from 'node:path';
import type { Address } from '../addresses/parse.ts';
import { Failure, status } from '../failure.ts';
import type { Sensor, SensorIo } from './sensor.ts';
import { listNames, readMillidegrees, readOptional, sysPath } from './sysfs.ts';

interface Input {
  readonly chip: string;
  /** The input's files without their endings: `.../hwmon0/temp1`. */
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
      const input = await findInput(sysPath(io, 'class', 'hwmon'), chip, wanted);
      if (input === undefined) throw new Failure(status.unavailable, `${shown}: no such temperature`);
      if ((await readOptional(`${input.path}_fault`)) === '1') {
        throw new Failure(status.temporary, `${shown}: the sensor reports a fault`);
      }
      return { value: await readMillidegrees(`${input.path}_input`), sensor: rest || input.chip };
    },
  };
}

async function findInput(folder: string, chip: string, wanted: string): Promise<Input | undefined> {
  for (const name of await listNames(folder, /^hwmon\d+$/)) {
    const found = (await readOptional(join(folder, name, 'name'))) ?? name;
    if (chip !== '' && chip !== found) continue;
    const path = await findPath(join(folder, name), wanted);
    if (path !== undefined) return { chip: found, path };
  }
  return undefined;
}

async function findPath(folder: string, wanted: string): Promise<string | undefined> {
  for (const file of await listNames(folder, /^temp\d+_input$/)) {
    const input = file.slice(0, -'_input'.length);
    const path = join(folder, input);
    if (wanted === '' || wanted === input || wanted === (await readOptional(`${path}_label`))) return path;
  }
  return undefined;
}
