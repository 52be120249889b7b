/** Parses which sensors a command line asks for: `SENSOR`, `NAME=SENSOR`, and patterns. */

import { type Address, parseAddress } from '../addresses/parse.ts';
import { errorText, Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { badName } from '../lines/text.ts';
import { FOUND_SCHEMES, foundSensors, isPattern } from './found.ts';
import type { SensorIo } from './sensor.ts';

export interface SensorRequest {
  /** Replaces the sensor's own name. */
  readonly name?: string;
  readonly address: string;
}

export function isRequest(outcome: SensorRequest | Failure): outcome is SensorRequest {
  return !(outcome instanceof Failure);
}

/** Parses `[NAME=]SENSOR`: the scheme of an address has no equals sign. @throws Failure (usage) */
export function parseRequest(operand: string): SensorRequest {
  const [, name, address = operand] = /^([^=:]*)=([a-z][a-z0-9+.-]*:.*)$/is.exec(operand) ?? [];
  if (name === undefined) return { address };
  try {
    return { name: parseSensorName(name), address };
  } catch (error) {
    throw new Failure(status.usage, errorText(error));
  }
}

/** Parses a name, for an option's `parse`. @throws Error with a message for the user */
export function parseSensorName(text: string): string {
  // Node decodes invalid UTF-8 as U+FFFD, so that different names become the same.
  if (text === '' || /[\p{Cc}\ufffd]/u.test(text)) throw new Error(`not a name: ${quote(text)}`);
  const problem = badName('name', text);
  if (problem !== undefined) throw new Error(problem.detail);
  return text;
}

/**
 * The requests in order, with each pattern replaced by the sensors found, without repeats, or by a Failure when there
 * are none.
 *
 * @param takesAll whether `hwmon:`, `thermal:` and `w1:` stand for all, like a pattern @throws Failure (usage)
 */
export async function expandRequests(
  requests: readonly SensorRequest[],
  takesAll: boolean,
  io: SensorIo,
): Promise<(SensorRequest | Failure)[]> {
  const expanded: (SensorRequest | Failure)[] = [];
  const known = new Set(requests.map(({ address }) => address));
  for (const request of requests) {
    const address = parseAddress(request.address);
    const found = isForAll(address, takesAll) ? await find(address, io) : undefined;
    if (found === undefined || isForOne(address, found)) expanded.push(request);
    else if (request.name !== undefined)
      throw new Failure(
        status.usage,
        `${address.shown}: a name is for one sensor, not for all that there are`,
      );
    else {
      const none = new Failure(status.unavailable, `${address.shown}: there is none on this machine`);
      expanded.push(...(found.length > 0 ? found : [none]).filter((each) => isNew(each, known)));
    }
  }
  return expanded;
}

function isForAll(address: Address, takesAll: boolean): boolean {
  return isPattern(address) || (takesAll && FOUND_SCHEMES.includes(address.scheme));
}

/** Whether the address is of a single sensor, possibly in another form than discovery gives, such as `hwmon:hwmon0`. */
function isForOne(address: Address, found: readonly (SensorRequest | Failure)[]): boolean {
  if (isPattern(address)) return false;
  if (found.length === 0) return address.rest !== '';
  return found.some((each) => isRequest(each) && each.address === address.text);
}

/** Whether a sensor is new. Remembers it. */
function isNew(found: SensorRequest | Failure, known: Set<string>): boolean {
  if (!isRequest(found)) return true;
  if (known.has(found.address)) return false;
  known.add(found.address);
  return true;
}

/** Requests for all sensors of this machine, or a Failure when there are none. */
export async function requestAll(io: SensorIo): Promise<(SensorRequest | Failure)[]> {
  const schemes = FOUND_SCHEMES.map((scheme) => `${scheme}:`);
  const found = await Promise.all(schemes.map((scheme) => find(parseAddress(scheme), io)));
  if (found.some(({ length }) => length > 0)) return found.flat();
  return [new Failure(status.unavailable, `there is none of ${schemes.join(', ')} on this machine`)];
}

/** Requests for the sensors found, or the failure of discovery. */
async function find(address: Address, io: SensorIo): Promise<(SensorRequest | Failure)[]> {
  try {
    const found = await foundSensors(address, io);
    return found.map((sensor) => ({ address: sensor.address }));
  } catch (error) {
    if (error instanceof Failure) return [error];
    throw error;
  }
}
