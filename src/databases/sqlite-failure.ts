/** What goes wrong with a SQLite database: what passes when others are done, and what stays. */

import { setTimeout as sleep } from 'node:timers/promises';
import { getSystemErrorMap } from 'node:util';
import { elapsedMs } from '../async/clock.ts';
import { errorText, Failure, type Status, status } from '../failure.ts';

const SHORTEST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

/** SQLite's primary result codes. */
const statuses: Record<number, Status> = {
  5: status.temporary, // BUSY
  6: status.temporary, // LOCKED
  15: status.temporary, // PROTOCOL: too many others open it at once
  10: status.io, // IOERR
  13: status.io, // FULL
};

/** Does the work again while another process is in the way: SQLite's own waiting leaves out some moments, and signals. */
export async function untilFree<Result>(
  work: () => Result | Promise<Result>,
  waitMs: number,
  signal: AbortSignal,
): Promise<Result> {
  const deadline = elapsedMs() + waitMs;
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      if (statusOf(error) !== status.temporary || elapsedMs() >= deadline || signal.aborted) throw error;
    }
    // Random, so that waiters do not come back all at once.
    await sleep(pause * (0.5 + Math.random()));
  }
}

/** With the address before it; a bug stays what it is. */
export function sqliteFailure(address: string, error: unknown): unknown {
  if (error instanceof Failure) return new Failure(error.status, `${address}: ${error.message}`);
  const code = statusOf(error);
  if (code === undefined) return error;
  const system = getSystemErrorMap().get(-(numberIn(error, 'systemErrno') ?? 0))?.[1];
  const text = code === status.temporary ? 'busy: another process has locked it' : errorText(error);
  return new Failure(code, `${address}: ${text}${system === undefined ? '' : `: ${system}`}`, {
    cause: error,
  });
}

/** Whether it is about writing, or making, a file. */
export function isReadOnly(error: unknown): boolean {
  const code = numberIn(error, 'errcode');
  return code !== undefined && [8, 14].includes(code & 0xff);
}

function statusOf(error: unknown): Status | undefined {
  const code = numberIn(error, 'errcode');
  return code === undefined ? undefined : (statuses[code & 0xff] ?? status.unavailable);
}

function numberIn(error: unknown, name: string): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const value: unknown = Object.entries(error).find(([key]) => key === name)?.[1];
  return typeof value === 'number' ? value : undefined;
}
