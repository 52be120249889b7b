/** Opens sensors as the command line configures them, and checks that each can do what it is asked for. */

import { showAddress } from '../addresses/show.ts';
import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import type { NamedValue } from './named-values.ts';
import { openSensor } from './open.ts';
import type { SensorRequest } from './requests.ts';
import type { SensorIo } from './sensor.ts';
import type { ConfiguredSensor } from './take-reading.ts';

/** What the options say about all sensors; the name only about one. */
export type Configuration = Pick<ConfiguredSensor, 'name' | 'unit' | 'range' | 'values'>;

/** Measures nothing yet. @throws Failure (usage) for options that contradict each other or a sensor */
export async function configureSensors(
  requests: readonly SensorRequest[],
  configuration: Configuration,
  io: SensorIo,
): Promise<ConfiguredSensor[]> {
  checkName(requests, configuration);
  if (configuration.values !== undefined) checkValues(configuration, configuration.values);
  const configured: ConfiguredSensor[] = [];
  for (const { name = configuration.name, address } of requests)
    configured.push({
      ...configuration,
      name,
      sensor: await openSensor(address, io),
      shown: showAddress(address),
    });
  checkSensors(configured);
  return configured;
}

function checkName(requests: readonly SensorRequest[], { name }: Configuration): void {
  if (name === undefined) return;
  if (requests.length > 1)
    throw usage(`--name is for one sensor, not for ${requests.length}: write NAME=SENSOR for each`);
  if (requests.some((request) => request.name !== undefined))
    throw usage('--name does not go with NAME=SENSOR');
}

/** The number alone does not tell which of several values is a temperature. */
function checkValues({ unit, range }: Configuration, values: readonly NamedValue[]): void {
  const hint = `of --values: write --values ${values[0]?.name}=${unit} for a temperature`;
  if (unit !== 'C') throw usage(`--unit does not say which ${hint}`);
  if (range !== undefined && values.every((value) => value.unit === undefined))
    throw usage(`--range does not say which ${hint}`);
}

function checkSensors(configured: readonly ConfiguredSensor[]): void {
  const known = new Map<string, string>();
  for (const { sensor, shown, name = sensor.name, values } of configured) {
    if (values !== undefined && sensor.readMembers === undefined)
      throw usage(`${shown}: gives no JSON: not with --values`);
    // Recordings name the sensors of their readings.
    if (sensor.recorded !== undefined) continue;
    const other = known.get(name);
    if (other !== undefined) throw usage(sameName(name, shown, other));
    known.set(name, shown);
  }
}

/** For messages: that two sensors have one name. */
export function sameName(name: string, shown: string, other: string): string {
  return `${shown}: is named ${quote(name)}, as is ${other}: write NAME=SENSOR`;
}

function usage(message: string): Failure {
  return new Failure(status.usage, message);
}
