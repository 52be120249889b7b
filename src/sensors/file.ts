/** `file:PATH`: the number on the first line of a file, optionally with °C, °F or K. Its age is that of the mtime. */

import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Address, malformed } from '../addresses/parse.ts';
import { Failure, status } from '../failure.ts';
import { quote } from '../lines/line.ts';
import { readSmallFile } from './read-small-file.ts';
import type { ReadContext, Sensor } from './sensor.ts';
import { textSensor } from './text-sensor.ts';
import { type WrittenNumber, writtenNumber } from './written-number.ts';

export default function openFile(address: Address): Sensor {
  const { shown } = address;
  const path = toPath(address);
  return textSensor({
    ...{ name: basename(path, extname(path)), shown },
    readText: async (context) => ({ text: await freshText(path, shown, context) }),
    numberIn: (text) => numberOnFirstLine(text, shown),
  });
}

/** @throws Failure, temporary when the file is empty or too old */
async function freshText(path: string, shown: string, context: ReadContext): Promise<string> {
  const { signal, now, maxAgeMs = Number.POSITIVE_INFINITY } = context;
  signal.throwIfAborted();
  const { text, modified } = await readSmallFile(path, shown);
  // Its writer may just have truncated it.
  if (text.trim() === '') throw new Failure(status.temporary, `${shown}: is empty`);
  const ageMs = now() - modified;
  if (ageMs <= maxAgeMs) return text;
  throw new Failure(status.temporary, `${shown}: too old: written ${Math.round(ageMs / 1000)} s ago`);
}

/** @throws Failure (unavailable) */
function numberOnFirstLine(text: string, shown: string): WrittenNumber {
  const [line = ''] = text.replace(/^\ufeff/, '').split('\n', 1);
  const number = writtenNumber(line.trim());
  if (number !== undefined) return number;
  throw new Failure(status.unavailable, `${shown}: not a number: ${quote(line.trim())}`);
}

/** `file:PATH` is a literal path; `file:///PATH` is a URL with escapes. */
function toPath(address: Address): string {
  if (address.rest === '') throw malformed(address, 'file:PATH');
  if (!address.rest.startsWith('//')) return address.rest;
  try {
    return fileURLToPath(address.text);
  } catch {
    throw malformed(address, 'file:PATH');
  }
}
