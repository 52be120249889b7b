/** From a sensor's address to its driver. Only the driver that an address names is loaded. */

import { Failure, status } from '../failure.ts';
import { parseAddress } from './address.ts';
import type { OpenSensor, Sensor, Surroundings } from './sensor.ts';

const drivers: Readonly<Record<string, () => Promise<{ readonly default: OpenSensor }>>> = {
  sim: () => import('./sim.ts'),
  file: () => import('./file.ts'),
  hwmon: () => import('./hwmon.ts'),
  thermal: () => import('./thermal.ts'),
  w1: () => import('./w1.ts'),
  http: () => import('./http.ts'),
  https: () => import('./http.ts'),
  exec: () => import('./exec.ts'),
  replay: () => import('./replay.ts'),
};

/** @throws Failure (usage) for an address that is malformed or of no known scheme */
export async function openSensor(text: string, surroundings: Surroundings): Promise<Sensor> {
  const address = parseAddress(text);
  const load = Object.hasOwn(drivers, address.scheme) ? drivers[address.scheme] : undefined;
  if (load === undefined) {
    const known = Object.keys(drivers).join(', ');
    throw new Failure(status.usage, `${address.shown}: no such kind of sensor (there are ${known})`);
  }
  const { default: open } = await load();
  return open(address, surroundings);
}
