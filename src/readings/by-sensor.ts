/** Options that assign values to sensors: `attic*=30,*humidity=70`, or one value for all sensors. */

import { type Matches, parseGlob } from '../lines/glob.ts';
import { quote } from '../lines/line.ts';

/** The sensors that match a pattern have this value. */
export interface SensorRule<Value> {
  readonly pattern: string;
  readonly matches: Matches;
  readonly value: Value;
}

/**
 * Parses `PATTERN=VALUE,...`. A value without a pattern, which must come last, is for all sensors. A pattern may contain an
 * equals sign; a comma in a name is matched by `?`.
 *
 * @param parse parses a value; it must throw with a message for the user, too @throws Error with a message for the user
 */
export function parseBySensor<Value>(text: string, parse: (text: string) => Value): SensorRule<Value>[] {
  const parts = text.split(',');
  return parts.map((part, at) => {
    const equals = part.lastIndexOf('=');
    if (equals < 0 && at < parts.length - 1)
      throw new Error(`${quote(part)} is for all sensors: nothing may follow it`);
    const pattern = equals < 0 ? '*' : part.slice(0, equals).trim();
    return { pattern, matches: parseGlob(pattern), value: parse(part.slice(equals + 1)) };
  });
}

/** The value of the first rule that matches a sensor's name; undefined without one. */
export function valueFor<Value>(rules: readonly SensorRule<Value>[], sensor: string): Value | undefined {
  return rules.find(({ matches }) => matches(sensor))?.value;
}

/** The value of all sensors; undefined if it depends on their names, or there is none. */
export function valueForAll<Value>([first]: readonly SensorRule<Value>[]): Value | undefined {
  return first?.pattern === '*' ? first.value : undefined;
}
