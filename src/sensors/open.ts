/** Opens the sensor of an address. */

import { type Drivers, findDriver } from '../addresses/drivers.ts';
import { parseAddress } from '../addresses/parse.ts';
import type { OpenSensor, Sensor, SensorIo } from './sensor.ts';

const drivers: Drivers<OpenSensor> = {
  sim: () => import('./sim.ts'),
  file: () => import('./file.ts'),
  hwmon: () => import('./hwmon.ts'),
  thermal: () => import('./thermal.ts'),
  w1: () => import('./w1.ts'),
  http: () => import('./http.ts'),
  https: () => import('./http.ts'),
  mqtt: () => import('./mqtt/mqtt.ts'),
  mqtts: () => import('./mqtt/mqtt.ts'),
  exec: () => import('./exec.ts'),
  replay: () => import('./replay.ts'),
};

/** Measures nothing yet. @throws Failure (usage) when the address is malformed or its scheme is unknown */
export async function openSensor(text: string, io: SensorIo): Promise<Sensor> {
  const address = parseAddress(text);
  const { default: open } = await findDriver('sensor', drivers, address)();
  return open(address, io);
}
