/**
 * `thermal:[N|TYPE[/N]]`: a thermal zone of this machine, by number, by type such as cpu-thermal, or by both when
 * several zones have the same type. Default: the first one.
 */

import { join } from 'node:path';
import type { Address } from '../addresses/parse.ts';
import { Failure, status } from '../failure.ts';
import type { FoundSensor, Sensor, SensorIo } from './sensor.ts';
import { isPlainName, listNames, readMillidegrees, readOptional, shared, sysPath } from './sysfs.ts';

const ZONE = 'thermal_zone';

interface Zone {
  readonly folder: string;
  /** May change on reboot. */
  readonly number: string;
  readonly type: string;
}

export default function openThermal({ rest, shown }: Address, io: SensorIo): Sensor {
  return {
    name: rest || 'thermal',
    unit: 'C',
    async read({ signal }) {
      signal.throwIfAborted();
      const zones = await zonesOf(io);
      const zone = zones.find((each) => isCalled(rest, each));
      if (zone === undefined) throw new Failure(status.unavailable, `${shown}: no such thermal zone`);
      const isByNumber = rest === zone.number && rest !== zone.type;
      const sensor = isByNumber ? distinctName(zone, zones) : rest || zone.type;
      return { value: await readMillidegrees(join(zone.folder, 'temp')), sensor };
    },
  };
}

/** All zones. @throws Failure */
export async function findSensors(io: SensorIo): Promise<FoundSensor[]> {
  const zones = await zonesOf(io);
  return zones.map((zone) => {
    const name = distinctName(zone, zones);
    // A type of digits only would look like a number.
    const isAddress = isPlainName(zone.type) && !/^\d+$/.test(zone.type);
    return isAddress
      ? { address: `thermal:${name}`, label: `${ZONE}${zone.number}` }
      : { address: `thermal:${zone.number}`, label: zone.type };
  });
}

function isCalled(wanted: string, { number, type }: Zone): boolean {
  return ['', number, type, `${type}/${number}`].includes(wanted);
}

const zonesOf = shared(async (io): Promise<Zone[]> => {
  const folder = sysPath(io, 'class', 'thermal');
  const zones = await listNames(folder, /^thermal_zone\d+$/);
  return Promise.all(
    zones.map(async (zone) => {
      const type = await readOptional(join(folder, zone, 'type'));
      return { folder: join(folder, zone), number: zone.slice(ZONE.length), type: type || zone };
    }),
  );
});

/** A unique name: the type, with the number if several zones have the same type. */
function distinctName({ number, type }: Zone, zones: readonly Zone[]): string {
  return zones.filter((zone) => zone.type === type).length === 1 ? type : `${type}/${number}`;
}
