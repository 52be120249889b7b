/** Checks the machine: a full or read-only disk, missing time zones, a container without an init process. */

import { accessSync, constants, type StatsFs, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { errorCode } from '../../failure.ts';
import { logFolderOf } from '../../ledger/log-path.ts';
import { systemZone } from '../../stats/time-zone.ts';
import type { Job } from '../jobs/job.ts';
import { lookAt } from './lookup.ts';
import { aboutJob, type Warning } from './warning.ts';

export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The path of the ledger; logs are beside it. */
  readonly ledger: string;
  /** The id of this process. */
  readonly pid: number;
}

/** With fewer free bytes, no run can be recorded. */
const MIN_FREE = 1 << 20;
const ZONE_INFO = '/usr/share/zoneinfo';
const LOCAL_TIME = '/etc/localtime';
const UTC = /^(?:Etc\/)?(?:UTC|UCT|GMT|Zulu|Universal|Greenwich|GMT[-+]?0)$/;
/** A POSIX rule, which TZ may be instead of a zone's name: `CET-1CEST`. */
const RULE = /^<|^[A-Za-z]+[-+]?\d/;

export function* checkHost(jobs: readonly Job[], { env, ledger, pid }: Host): Generator<Warning> {
  yield* checkDisk(ledger);
  yield* checkZones(jobs, env);
  if (pid === 1) {
    const message =
      'schedule is PID 1 here: it must reap processes that jobs leave behind, and they end with it (docker run --init gives it a parent)';
    yield about('pid-1', message);
  }
}

function* checkDisk(ledger: string): Generator<Warning> {
  const logs = logFolderOf(ledger);
  const seen = new Set<string>();
  for (const [what, path] of [
    ['ledger', dirname(ledger)],
    ['ledger', ledger],
    ['logs', logs],
  ] as const) {
    if (path !== dirname(ledger) && lookAt(path) === 'missing') continue;
    const problem = problemOfDisk(path);
    if (problem === undefined || seen.has(problem)) continue;
    seen.add(problem);
    yield about('disk', `the ${what} at ${what === 'logs' ? logs : ledger}: ${problem}`);
  }
}

function problemOfDisk(path: string): string | undefined {
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EROFS') return 'the file system is read-only';
    return code === 'ENOENT' ? `there is no folder ${resolve(path)}` : 'it may not be written';
  }
  const { blocks, bavail, bsize, files, ffree }: StatsFs = statfsSync(path);
  // File systems without limits report 0.
  if (blocks > 0 && bavail * bsize < MIN_FREE) return 'the disk is full';
  return files > 0 && ffree === 0 ? 'the disk can take no more files' : undefined;
}

/** Node brings its own time zones; the programs of jobs need the system's. */
function* checkZones(jobs: readonly Job[], env: Host['env']): Generator<Warning> {
  const folder = env.TZDIR || ZONE_INFO;
  const zones = new Set(jobs.flatMap(({ when }) => (when.kind === 'minutes' ? (when.zone ?? []) : [])));
  if (env.TZ) zones.add(env.TZ);
  else if (lookAt(LOCAL_TIME) === 'missing') zones.add(systemZone());
  for (const zone of zones) if (isUnknown(zone, folder)) yield about('tzdata', withoutZone(zone, folder));
  for (const job of jobs) {
    const zone = job.env.TZ;
    if (zone && isUnknown(zone, folder)) yield aboutJob(job, 'tzdata', withoutZone(zone, folder));
  }
}

function isUnknown(zone: string, folder: string): boolean {
  const name = zone.replace(/^:/, '');
  return !UTC.test(name) && !RULE.test(name) && lookAt(resolve(folder, name)) === 'missing';
}

function withoutZone(zone: string, folder: string): string {
  return `${zone} is not in ${folder}: date and the other programs of jobs take it for UTC (install tzdata)`;
}

function about(kind: 'disk' | 'tzdata' | 'pid-1', message: string): Warning {
  return { kind, line: undefined, job: undefined, message };
}
