/**
 * Reads a try's result from the last line of its log: a killed schedule may not have had time to write it to the ledger.
 */

import { closeSync, fstatSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { signalStatus } from '../../commands/command.ts';
import { readAt } from '../../files/read-at.ts';
import type { TryResult } from '../../ledger/records.ts';

/** More than a last line has. */
const MAX_BYTES = 1024;
/** As `command-try.ts` and `wait-try.ts` write it. Lines of the try's output never have `#`. */
const TRAILER =
  /\n(\S+Z) # (success|failed|skipped): (?:(timeout|killed|stopped): )?(?:exit status (\d{1,3})|killed by (SIG[A-Z0-9]+)|never asked)\n$/;

/** @returns undefined if there is no log with such a line */
export function readLogEnd(path: string): TryResult | undefined {
  const [, time = '', state, reason, code, signal] = TRAILER.exec(endOf(path)) ?? [];
  if (state !== 'success' && state !== 'failed' && state !== 'skipped') return undefined;
  const name = isSignal(signal) ? signal : undefined;
  return {
    state,
    reason: reasonOf(state, reason),
    status: statusOf(code, name),
    signal: name,
    ...{ start: undefined, end: Date.parse(time), cpuSeconds: undefined, peakBytes: undefined },
  };
}

function reasonOf(state: TryResult['state'], reason: string | undefined): TryResult['reason'] {
  if (state === 'skipped') return 'skip-on';
  return reason === 'timeout' || reason === 'killed' || reason === 'stopped' ? reason : undefined;
}

/** Undefined for a condition that was never polled. */
function statusOf(code: string | undefined, signal: NodeJS.Signals | undefined): number | undefined {
  if (signal !== undefined) return signalStatus(signal);
  return code === undefined ? undefined : Number(code);
}

function isSignal(name: string | undefined): name is NodeJS.Signals {
  return name !== undefined && Object.hasOwn(constants.signals, name);
}

function endOf(path: string): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(size, MAX_BYTES));
    return bytes.toString('utf8', 0, readAt(descriptor, bytes, size - bytes.length));
  } catch {
    return '';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
