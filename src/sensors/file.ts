/** `file:PATH`: the number on the first line of a file. Its age is the time since it was last written. */

import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Address, malformed } from '../addresses/parse.ts';
import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { parseDecimal } from '../stats/decimal.ts';
import { readSmallFile } from './read-small-file.ts';
import type { Sensor } from './sensor.ts';

export default function openFile(address: Address): Sensor {
  const { shown } = address;
  const path = toPath(address);
  return {
    name: basename(path, extname(path)),
    async read({ signal, now, maxAgeMs = Number.POSITIVE_INFINITY }) {
      signal.throwIfAborted();
      const { text, modified } = await readSmallFile(path, shown);
      const line =
        text
          .replace(/^\ufeff/, '')
          .split('\n', 1)[0]
          ?.trim() ?? '';
      // Its writer may not have written yet.
      if (text.trim() === '') throw new Failure(status.temporary, `${shown}: is empty`);
      const value = parseDecimal(line);
      if (value === undefined)
        throw new Failure(status.unavailable, `${shown}: not a number: ${quote(line)}`);
      if (now() - modified > maxAgeMs) {
        const age = Math.round((now() - modified) / 1000);
        throw new Failure(status.temporary, `${shown}: too old: written ${age} s ago`);
      }
      return { value };
    },
  };
}

/** `file:PATH` is the path as it is; `file:///PATH` is a URL with its escapes. */
function toPath(address: Address): string {
  if (address.rest === '') throw malformed(address, 'file:PATH');
  if (!address.rest.startsWith('//')) return address.rest;
  try {
    return fileURLToPath(address.text);
  } catch {
    throw malformed(address, 'file:PATH');
  }
}
