/** Runs, tasks and graphs, as in the server's JSON. */

import type {
  GraphTaskJson,
  RunDetailJson,
  RunJson,
  TaskJson,
  TryJson,
} from '../../../../src/dashboard/page/runs/runs-json.ts';

/** The start of all fixtures. */
export const BEGIN = Date.UTC(2026, 10, 29, 14);

/** A JSON time, in seconds after BEGIN. */
export function at(seconds: number): string {
  return new Date(BEGIN + seconds * 1000).toISOString();
}

/** A successful task that was queued at 0 s, and ran from 1 s to 5 s. */
export function task(name: string, more: Partial<TaskJson> = {}): TaskJson {
  const times = { queued: at(0), start: at(1), end: at(5), retryAt: null };
  return {
    ...{
      task: name,
      state: 'success',
      reason: null,
      tries: 1,
      status: 0,
      rows: null,
      item: null,
      items: null,
    },
    ...times,
    ...more,
  };
}

/** A successful run of 10 s. */
export function run(number: number, more: Partial<RunJson> = {}): RunJson {
  return {
    ...{
      run: number,
      job: 'nightly',
      trigger: 'schedule',
      state: 'success',
      reason: null,
      count: 1,
      tries: 1,
    },
    ...{ scheduled: at(0), dataStart: at(-3600), dataEnd: at(0), queued: at(0), start: at(0), end: at(10) },
    ...{ retryAt: null, status: 0, rows: null, env: {}, graph: 'abc', runner: 'schedule' },
    ...more,
  };
}

export function detail(
  tasks: readonly TaskJson[],
  attempts: readonly TryJson[] = [],
  more: Partial<RunJson> = {},
): RunDetailJson {
  return { ...run(1, more), now: at(20), tasks, attempts };
}

export function attempt(
  name: string,
  number: number,
  start: string | null,
  end: string | null,
  more: Partial<TryJson> = {},
): TryJson {
  return {
    ...{
      task: name,
      number,
      state: 'success',
      reason: null,
      status: 0,
      signal: null,
      cpuSeconds: null,
      peakBytes: null,
    },
    ...{ start, end },
    ...more,
  };
}

/** A task of a graph: `node('load', 'extract', 'check')` needs the other two. */
export function node(name: string, ...needs: readonly string[]): GraphTaskJson {
  return {
    name,
    needs,
    triggerRule: 'all_success',
    command: 'true',
    waits: false,
    isSplit: false,
    pool: null,
    line: 1,
  };
}
