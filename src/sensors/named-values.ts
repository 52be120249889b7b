/** Which values to read from a sensor with several: `temp=F,humidity`. */

import { quote } from '../lines/line.ts';
import { type MemberPath, parseMemberPath } from '../lines/member-path.ts';
import type { TemperatureUnit } from '../readings/units.ts';
import { parseSensorName } from './requests.ts';

export interface NamedValue {
  /** As given: it becomes part of the sensor's name. */
  readonly name: string;
  readonly path: MemberPath;
  /** The unit of a temperature; undefined for any other quantity, which is not converted. */
  readonly unit?: TemperatureUnit;
}

/** Parses `MEMBER[=C|F|K],...`, for an option's `parse`. @throws Error with a message for the user */
export function parseNamedValues(text: string): readonly NamedValue[] {
  const values = text.split(',').map(parseNamedValue);
  const names = values.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new Error(`value named twice: ${quote(twice)}`);
  return values;
}

function parseNamedValue(text: string): NamedValue {
  const [, name = '', unit] = /^(.*?)(?:=([CFK]))?$/su.exec(text) ?? [];
  const path = parseMemberPath(name);
  return { name: parseSensorName(name), path, ...(unit !== undefined && { unit: unit as TemperatureUnit }) };
}
