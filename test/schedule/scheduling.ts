/** A scheduler for tests: with a manual clock, a real ledger, and tries that end when the test says so. */

import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { expect, onTestFinished } from 'vitest';
import { Failure, status } from '../../src/failure.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { TryResult } from '../../src/ledger/records.ts';
import { readCrontab } from '../../src/schedule/crontab/read-crontab.ts';
import type { Graph } from '../../src/schedule/graph/graph.ts';
import { graphJob } from '../../src/schedule/graph/graph-job.ts';
import { Pools } from '../../src/schedule/graph/pools.ts';
import { Hooks } from '../../src/schedule/hooks.ts';
import { registerJobs } from '../../src/schedule/job-records.ts';
import type { Job } from '../../src/schedule/jobs/job.ts';
import type { RunWorld } from '../../src/schedule/run-world.ts';
import { Scheduler } from '../../src/schedule/scheduler.ts';
import { serveRequests } from '../../src/schedule/serve-requests.ts';
import { Slots } from '../../src/schedule/tries/slots.ts';
import type { TryOrder } from '../../src/schedule/tries/try.ts';
import { privateFolder } from '../harness.ts';
import { openLedger } from '../ledger/invented.ts';

export const at = (text: string) => Date.parse(text.includes('T') ? text : `2026-11-21T${text}Z`);

/** The jobs of a crontab, in UTC. */
export function jobsOf(crontab: string): readonly Job[] {
  const { jobs, problems } = readCrontab(`CRON_TZ=UTC\n${crontab}\n`, 'crontab');
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return jobs;
}

interface Begun {
  readonly order: TryOrder;
  end(result: Partial<TryResult>): void;
}

interface Plan {
  readonly crontab: string;
  /** When the schedule starts, in epoch ms. */
  readonly start: number;
  readonly slots?: number;
  /** Jobs besides those of the crontab. */
  readonly graphs?: readonly Graph[];
}

/** A schedule that has just started. */
export async function scheduling({ crontab, start, slots = 32, graphs = [] }: Plan) {
  let time = start;
  const now = () => time;
  const path = join(await privateFolder(), 'runs.db');
  const real = await openLedger(path, now);
  onTestFinished(() => real.close(false).catch(() => {}));
  const disk: Disk = { isFull: false, turns: undefined };
  const ledger = refusing(real, disk);
  const begun: Begun[] = [];
  /** What was done, in order. */
  const told: string[] = [];
  const [stopping, ending] = [new AbortController(), new AbortController()];
  const startTry = async (order: TryOrder) => {
    told.push(`${order.job.name} ${new Date(order.scheduled).toISOString().slice(11, 16)} ${order.number}`);
    let resolve: (result: TryResult) => void = () => {};
    const result = new Promise<TryResult>((resolved) => {
      resolve = resolved;
    });
    const end = (changes: Partial<TryResult>) =>
      resolve({
        ...{ state: 'success', reason: undefined, status: 0, signal: undefined, start: time, end: time },
        ...{ cpuSeconds: undefined, peakBytes: undefined, ...changes },
      });
    begun.push({ order, end });
    const stop = (reason: 'timeout' | 'killed' | 'stopped') =>
      end({ state: 'failed', reason, status: 143, signal: 'SIGTERM' });
    return { result, stop, kill: () => stop('stopped') };
  };
  const bugs: unknown[] = [];
  const failed = (error: unknown) => void bugs.push(error);
  onTestFinished(() => expect(bugs).toEqual([]));
  const silent = { beat() {}, tryStarted() {}, tryEnded() {}, runEnded() {} };
  const troubles: string[] = [];
  /** Executed hooks: `job failed 65`. */
  const hooks: string[] = [];
  const runHook = async ({ job }: TryOrder, _command: string, { ETL_STATE, ETL_STATUS }: NodeJS.ProcessEnv) =>
    void hooks.push(`${job.name} ${ETL_STATE} ${ETL_STATUS}`);
  /** Calls of URLs: `https://x start`. */
  const pings: string[] = [];
  const ping = async (_order: TryOrder, url: string, kind: string, message: string) =>
    void pings.push([url, kind, message].filter(Boolean).join(' '));
  const world: RunWorld = {
    ...{ pools: new Pools(), logFolder: join(path, '..', 'logs') },
    ...{ ledger, slots: new Slots(slots), startTry, now, takeReports: () => [], random: () => 0.5 },
    ...{ stopping: stopping.signal, ending: ending.signal, events: silent },
    troubled: ({ message }) => void troubles.push(message),
    hooks: new Hooks(ledger, { runHook, ping }, failed),
  };
  const scheduler = new Scheduler(world, await ledger.mark(), failed);
  const load = async (text: string) => {
    const jobs = [...jobsOf(text), ...graphs.map(graphJob)];
    await scheduler.setJobs(jobs, await registerJobs(ledger, jobs));
  };
  await load(crontab);
  /** Waits until there is nothing left to do. */
  const settle = async () => {
    for (let turn = 0; turn < 12; turn++) {
      await nextTurn();
      await real.flush();
    }
  };
  return {
    ...{ path, ledger, world, scheduler, begun, told, troubles, hooks, pings, disk, load, settle },
    /** Sets the clock, without a beat. */
    set: (next: number) => {
      time = next;
    },
    /** Sets the clock, and triggers a beat. */
    beatAt: async (next: number) => {
      time = next;
      await scheduler.beat();
      await settle();
    },
    /** Ends the oldest running try. */
    end: async (result: Partial<TryResult> = {}) => {
      begun.shift()?.end(result);
      await settle();
    },
    ask: () => serveRequests({ ledger, scheduler, now }),
    stopAll: async () => {
      stopping.abort();
      ending.abort();
      await scheduler.end();
      await real.flush();
    },
    /** Runs as `job 10:04 schedule success 1`: with their reasons, and the counts of gaps. */
    rows: () => rowsOf(path),
  };
}

interface Disk {
  isFull: boolean;
  /** What an intent waits for once it is written. */
  turns: Promise<void> | undefined;
}

/** Methods of the ledger that use a transaction. */
const TRANSACTIONS = new Set<unknown>(['decide', 'intend', 'add', 'lastSuccess', 'failuresInARow']);

/** A ledger on a disk that can be full. */
function refusing(ledger: Ledger, disk: Disk): Ledger {
  const full = () => Promise.reject(new Failure(status.io, 'runs.db: no space left on device'));
  return new Proxy(ledger, {
    get(target, name) {
      if (disk.isFull && TRANSACTIONS.has(name)) return full;
      if (name === 'intend')
        return async (...words: Parameters<Ledger['intend']>) => {
          await target.intend(...words);
          await disk.turns;
        };
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function rowsOf(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database
      .prepare(
        `SELECT concat_ws(' ', job, strftime('%H:%M', scheduled / 1000, 'unixepoch'), "trigger", state, reason, iif(count > 1, 'x ' || count, NULL), iif(repeat > 0, 'repeat ' || repeat, NULL)) AS row
         FROM run ORDER BY run`,
      )
      .all()
      .map(({ row }) => row);
  } finally {
    database.close();
  }
}
