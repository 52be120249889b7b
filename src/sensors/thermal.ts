/** `thermal:[N|TYPE]`: a thermal zone of the computer, by number or by type such as cpu-thermal. Default: the first one. */

import { join } from 'node:path';
import type { Address } from '../addresses/parse.ts';
import { Failure, status } from '../failure.ts';
import type { Sensor, SensorIo } from './sensor.ts';
import { listNames, readMillidegrees, readOptional, sysPath } from './sysfs.ts';

export default function openThermal({ rest, shown }: Address, io: SensorIo): Sensor {
  return {
    name: rest || 'thermal',
    unit: 'C',
    async read({ signal }) {
      signal.throwIfAborted();
      const folder = sysPath(io, 'class', 'thermal');
      for (const zone of await listNames(folder, /^thermal_zone\d+$/)) {
        const type = await readOptional(join(folder, zone, 'type'));
        if (rest !== '' && rest !== type && zone !== `thermal_zone${rest}`) continue;
        return { value: await readMillidegrees(join(folder, zone, 'temp')), sensor: type || zone };
      }
      throw new Failure(status.unavailable, `${shown}: no such thermal zone`);
    },
  };
}
