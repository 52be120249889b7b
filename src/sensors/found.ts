/** Discovers the sensors of this machine: all of a scheme, or those that match a pattern such as `hwmon:nvme*`. */

import type { Address } from '../addresses/parse.ts';
import { errorCode, Failure } from '../failure.ts';
import { type Matches, parseGlob } from '../lines/glob.ts';
import type { FindSensors, FoundSensor, SensorIo } from './sensor.ts';

const finders: Readonly<Record<string, () => Promise<{ findSensors: FindSensors }>>> = {
  hwmon: () => import('./hwmon.ts'),
  thermal: () => import('./thermal.ts'),
  w1: () => import('./w1.ts'),
};

/** Schemes with discovery. */
export const FOUND_SCHEMES = Object.keys(finders);

/** Whether the address is a pattern, for any number of sensors. */
export function isPattern({ scheme, rest }: Address): boolean {
  return FOUND_SCHEMES.includes(scheme) && rest.includes('*');
}

/** The sensors that match an address; none when the machine lacks the subsystem. @throws Failure */
export async function foundSensors({ scheme, rest }: Address, io: SensorIo): Promise<FoundSensor[]> {
  const isMeant = rest.includes('*') ? parseGlob(rest) : belongsTo(rest);
  return (await allOf(scheme, io)).filter(({ address }) => isMeant(address.slice(scheme.length + 1)));
}

/** Without a pattern: all, or those of a chip such as `coretemp`. */
function belongsTo(rest: string): Matches {
  return (name) => rest === '' || name === rest || name.startsWith(`${rest}/`) || name.startsWith(`${rest}-`);
}

async function allOf(scheme: string, io: SensorIo): Promise<FoundSensor[]> {
  const finder = await finders[scheme]?.();
  try {
    return (await finder?.findSensors(io)) ?? [];
  } catch (error) {
    if (error instanceof Failure && errorCode(error.cause) === 'ENOENT') return [];
    throw error;
  }
}
