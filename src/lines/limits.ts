/** How long a line may be, for all that read lines: the byte splitter, and the hosts of kernels, which find lines themselves. */

import type { Rejection } from './line.ts';

/** In bytes, without BOM, carriage return and newline; of CSV with line breaks in quotes it is the whole record. */
export const LONGEST_LINE = 1 << 20;

/** How much of a line that is too long is kept for `--rejects`, in bytes. */
export const SHOWN_OF_LONG = 1 << 10;

/** Says that a line is longer than `limit` bytes. */
export function tooLong(limit = LONGEST_LINE): Rejection {
  return { kind: 'too long', detail: `line is longer than ${limit} bytes` };
}
