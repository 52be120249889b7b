/** Adds lines to the end of a file that other processes may add to as well. */

import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { readAt } from './read-at.ts';

const NEWLINE = 10;

/** Opens a file to append lines, and ends half a line that stands at its end. @throws the system's error */
export function openToAppendLines(path: string): number {
  const descriptor = openSync(path, 'a');
  const stat = fstatSync(descriptor);
  if (stat.isFile() && stat.size > 0 && lastByte(path, stat.size) !== NEWLINE)
    writeAll(descriptor, Buffer.from('\n'));
  return descriptor;
}

/** Undefined where the file may be written but not read. */
function lastByte(path: string, size: number): number | undefined {
  let reader: number | undefined;
  try {
    reader = openSync(path, 'r');
    const byte = Buffer.alloc(1);
    return readAt(reader, byte, size - 1) === 1 ? byte[0] : undefined;
  } catch {
    return undefined;
  } finally {
    if (reader !== undefined) closeSync(reader);
  }
}

/** Writes all bytes, in several writes where the system takes only a part at a time. @throws the system's error */
export function writeAll(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
