/** Reads a file into a counter, one chunk at a time. */

import { readAt } from '../files/read-at.ts';
import type { Counter } from './counter.ts';

/** A page of the page cache: reads that begin at one are fast. */
export const PAGE = 4096;

/**
 * Counts the next chunk of a file, from offset `at` and before `end`.
 *
 * @returns how many bytes it had; 0 at the end of the file @throws the system's error
 */
export function readInto(counter: Counter, descriptor: number, at: number, end: number): number {
  // Before the chunk there is room for the line that has begun, but not for the part of a page before that.
  const skip = counter.pending === 0 ? at % PAGE : 0;
  const { space } = counter;
  const read = readAt(descriptor, space.subarray(0, end - at + skip), at - skip);
  if (read <= skip) return 0;
  counter.filled(read, skip);
  return read - skip;
}
