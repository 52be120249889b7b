/** Synthetic runs and jobs for a ledger. */

import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { JobRecord, NewRun, TryResult } from '../../src/ledger/records.ts';
import { privateFolder } from '../harness.ts';

export const MINUTE = 60_000;
export const NOON = Date.parse('2026-11-21T12:00:00Z');

export function openLedger(path: string, now = () => NOON): Promise<Ledger> {
  return Ledger.open(path, { waitMs: 5000, signal: new AbortController().signal, now });
}

/** A ledger in its own folder, which can be opened again. */
export async function openedLedger(given?: string) {
  const path = given ?? join(await privateFolder(), 'runs.db');
  const open = async (now?: () => number) => {
    const ledger = await openLedger(path, now);
    onTestFinished(() => ledger.close(false).catch(() => {}));
    return ledger;
  };
  return { path, open, ledger: await open() };
}

export function newRun(job: string, scheduled: number, also: Partial<NewRun> = {}): NewRun {
  const times = { scheduled, dataStart: scheduled - MINUTE, dataEnd: scheduled };
  return { job, trigger: 'schedule', ...times, repeat: 'again', state: 'queued', ...also };
}

export const markAt = (decided: number) => ({ decided, horizon: decided });

export function result(state: TryResult['state'], also: Partial<TryResult> = {}): TryResult {
  return {
    state,
    reason: undefined,
    status: state === 'success' ? 0 : 1,
    signal: undefined,
    start: NOON + 1000,
    end: NOON + 3000,
    cpuSeconds: 0.5,
    peakBytes: 4_000_000,
    ...also,
  };
}

export function job(name: string, also: Partial<JobRecord> = {}): JobRecord {
  const when = { kind: 'interval', everyMs: MINUTE };
  const same = { schedule: '* * * * *', command: `run ${name}`, place: 'crontab:1', when, policies: {} };
  return { name, ...same, ...also };
}
