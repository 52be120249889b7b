/**
 * A batch as the stdin of a command: an unnamed file that holds all of it before the command starts.
 *
 * Not a pipe: if its writer were killed half-way, the command would see a normal end of file after a torn line.
 */

import { openSync, writevSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { writeFailure } from '../failure.ts';
import { tryToClose } from '../files/remove.ts';
import { openUnnamed } from '../files/unnamed.ts';

/** Parts per writev(2): IOV_MAX. */
const PARTS = 1024;

/** A descriptor that reads these bytes, to be closed by the caller. @throws Failure (I/O) */
export function openBatch(parts: readonly Buffer[]): number {
  let read = -1;
  const written = openUnnamed((path) => {
    read = openSync(path, 'r');
  });
  try {
    writeAll(written, read, parts);
    return read;
  } catch (error) {
    throw writeFailure(tmpdir(), error);
  } finally {
    tryToClose(written);
  }
}

/** @throws the system's error, after `read` is closed */
function writeAll(written: number, read: number, parts: readonly Buffer[]): void {
  try {
    for (let at = 0; at < parts.length; at += PARTS) {
      let rest = parts.slice(at, at + PARTS);
      while (rest.length > 0) rest = without(rest, writevSync(written, rest));
    }
  } catch (error) {
    tryToClose(read);
    throw error;
  }
}

/** The parts without their first `count` bytes. */
function without(parts: Buffer[], count: number): Buffer[] {
  let at = 0;
  let left = count;
  for (let part = parts[0]; part !== undefined && left >= part.length; part = parts[at]) {
    left -= part.length;
    at++;
  }
  const [first, ...others] = parts.slice(at);
  return first === undefined ? [] : [first.subarray(left), ...others];
}
