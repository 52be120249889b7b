/** How much memory this process may still take, less what Node needs: V8 aborts the process when an allocation fails. */

import { readFileSync } from 'node:fs';

const MEBIBYTE = 1024 * 1024;
/** V8's young generation takes up to 48 MiB, its compiler a few more. */
const LEFT_TO_NODE = 64 * MEBIBYTE;

/** What another thread takes, in bytes: since Node 22, V8 reserves half a gibibyte for its code. */
export const THREAD_BYTES = 544 * MEBIBYTE;

/** This process's limit of data in bytes; read once. */
let limit: number | undefined;

/**
 * The bytes that this process may still take under its limit of data (`ulimit -d`), less what is left to Node; Infinity if
 * the system shows no limit.
 */
export function headroom(): number {
  limit ??= Number(find('/proc/self/limits', /^Max data size +(\d+)/m) ?? Infinity);
  if (limit === Infinity) return limit;
  const kibibytes = Number(find('/proc/self/status', /^VmData:\s*(\d+) kB/m) ?? 0);
  return Math.max(0, limit - kibibytes * 1024 - LEFT_TO_NODE);
}

function find(file: string, pattern: RegExp): string | undefined {
  try {
    return pattern.exec(readFileSync(file, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
