/** Lists the sensors of this machine, for users and for shell completion. */

import { parseAddress } from '../addresses/parse.ts';
import { Failure, status } from '../failure.ts';
import { FOUND_SCHEMES, foundSensors } from './found.ts';
import type { FoundSensor, SensorIo } from './sensor.ts';

interface ListIo extends SensorIo {
  /** Reports a failure; the list continues. */
  fail(failure: Failure): void;
}

/**
 * A line for each sensor: `ADDRESS`, a tab, and its label, or both as JSON. Empty without sensors.
 *
 * @param operands schemes, chips or patterns; none for all @throws Failure (usage)
 */
export async function* listSensors(
  operands: readonly string[],
  isJson: boolean,
  io: ListIo,
): AsyncGenerator<string> {
  const addresses = (operands.length > 0 ? operands : FOUND_SCHEMES.map((scheme) => `${scheme}:`)).map(
    parseAddress,
  );
  for (const { scheme, shown } of addresses) {
    if (!FOUND_SCHEMES.includes(scheme))
      throw new Failure(status.usage, `${shown}: --list is for ${FOUND_SCHEMES.join(':, ')}:`);
  }
  const format = isJson ? formatJson : formatLine;
  for (const address of addresses) {
    try {
      yield (await foundSensors(address, io)).map((sensor) => `${format(sensor)}\n`).join('');
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      io.fail(error);
    }
  }
}

function formatLine({ address, label }: FoundSensor): string {
  return `${address}\t${oneLine(label)}`;
}

function formatJson({ address, label }: FoundSensor): string {
  return JSON.stringify({ address, label: oneLine(label) });
}

function oneLine(label: string): string {
  return label.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
