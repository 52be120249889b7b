import type { JobJson, RunJson, RunState } from '../../../../src/dashboard/page/runs/runs-json.ts';

/** A job whose last runs have these states; they are numbered from 1, and took a second each. */
export function job(change: Partial<JobJson> = {}, states: readonly RunState[] = []): JobJson {
  return {
    ...{ name: 'extract', kind: 'line', schedule: '* * * * *', words: 'every minute', command: 'true' },
    ...{ place: '/etc/crontab:7', owner: null, description: null, tags: [], env: {}, paused: null },
    ...{ gone: null, next: null, median: null, notices: [] },
    recent: states.map((state, at) => recent(at + 1, state)),
    ...change,
  };
}

export function recent(run: number, state: RunState): JobJson['recent'][number] {
  const start = state === 'queued' || state === 'skipped' ? null : time(run * 60);
  const end = state === 'success' || state === 'failed' ? time(run * 60 + 1) : null;
  return { run, state, reason: null, scheduled: time(run * 60), start, end };
}

/** An RFC 3339 time, in seconds since the start of 2026. */
export function time(seconds: number): string {
  return new Date(at(seconds)).toISOString();
}

/** An epoch time in ms, from seconds since the start of 2026. */
export function at(seconds: number): number {
  return Date.UTC(2026, 0, 1) + seconds * 1000;
}

export function run(change: Partial<RunJson> = {}): RunJson {
  return {
    ...{ run: 7, job: 'extract', trigger: 'schedule', state: 'success', reason: null, scheduled: time(0) },
    ...{ dataStart: time(-60), dataEnd: time(0), count: 1, queued: time(0), start: time(1), end: time(3) },
    ...{ retryAt: null, tries: 1, status: 0, rows: null, env: {}, graph: null, runner: 'schedule' },
    ...change,
  };
}
