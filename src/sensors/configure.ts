/** Opens sensors as configured on the command line, and checks that each supports what is asked of it. */

import { showAddress } from '../addresses/show.ts';
import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import type { NamedValue } from './named-values.ts';
import { openSensor } from './open.ts';
import type { SensorRequest } from './requests.ts';
import type { SensorIo } from './sensor.ts';
import type { ConfiguredSensor } from './take-reading.ts';

/** The options for all sensors; `name` only for a single one. */
export type Configuration = Pick<ConfiguredSensor, 'name' | 'unit' | 'range' | 'values'>;

/** Measures nothing yet. @throws Failure (usage) for options that conflict with each other or with a sensor */
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

/** A number alone does not tell which of several values is a temperature. */
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
      throw usage(`${shown}: does not give JSON: not with --values`);
    // A recording has a sensor name in each reading.
    if (sensor.recorded !== undefined) continue;
    const other = known.get(name);
    if (other !== undefined) throw usage(sameName(name, shown, other));
    known.set(name, shown);
  }
}

/** The message for two sensors of the same name. */
export function sameName(name: string, shown: string, other: string): string {
  return `${shown}: is named ${quote(name)}, as is ${other}: write NAME=SENSOR`;
}

function usage(message: string): Failure {
  return new Failure(status.usage, message);
}
