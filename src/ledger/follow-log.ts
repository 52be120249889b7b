/** The log of a try, as it is written. Memory: one block. */

import { closeSync, fstatSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFailure } from '../failure.ts';
import { readAt } from '../files/read-at.ts';

const BLOCK = 1 << 16;
const LOOK_MS = 200;
/** A log that has reached its limit loses its middle, and what was read last is elsewhere by then. */
const SHORTENED = Buffer.from('... the log was shortened: lines may be missing here ...\n');

interface Following {
  /** Whether nothing is written to it any more; asked before each look. */
  isComplete(): Promise<boolean>;
  readonly signal: AbortSignal;
}

/** Its bytes up to now, and what is added until it is complete. @throws Failure (no input, I/O) */
export async function* followLog(path: string, { isComplete, signal }: Following): AsyncGenerator<Buffer> {
  const descriptor = opened(path);
  try {
    for (let at = 0; !signal.aborted; ) {
      const isLast = await isComplete();
      const { size } = fstatSync(descriptor);
      if (size < at) {
        yield SHORTENED;
        at = size;
      }
      for (;;) {
        const block = Buffer.allocUnsafe(BLOCK);
        const length = readAt(descriptor, block, at);
        if (length === 0) break;
        at += length;
        yield block.subarray(0, length);
      }
      if (isLast) return;
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  } catch (error) {
    throw readFailure(path, error);
  } finally {
    closeSync(descriptor);
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw readFailure(path, error);
  }
}
