/** Reads a file into a counter, one chunk at a time. */

import { readAt } from '../files/read-at.ts';
import type { Counter } from './counter.ts';

/** A page of the page cache: reads aligned to it are fast. */
export const PAGE = 4096;

/**
 * Counts the next chunk of a file, from offset `at` and before `end`.
 *
 * @returns the number of bytes read; 0 at the end of the file @throws the system's error
 */
export function readInto(counter: Counter, descriptor: number, at: number, end: number): number {
  // The room before the chunk holds the unfinished line, and cannot hold the start of a page as well.
  const skip = counter.pending === 0 ? at % PAGE : 0;
  const { space } = counter;
  const read = readAt(descriptor, space.subarray(0, end - at + skip), at - skip);
  if (read <= skip) return 0;
  counter.filled(read, skip);
  return read - skip;
}
