/** Jobs that behave badly, all in one crontab: each has its end in the ledger, and the others stay on time. */

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../harness.ts';
import { processesWith } from '../processes.ts';
import { scheduled, states, stop } from '../scheduled.ts';
import { sized } from '../thorough.ts';

const byTerm = { status: null, signal: 'SIGTERM', stdout: '', stderr: '' };
/** A machine that is busy may hold a try up for so long. */
const LATE_MS = 5000;

const BAD_JOBS = {
  'closes-stdout': 'exec >&- 2>&-; exec sleep 1',
  'writes-on': `head -c ${sized(30_000_000, 1_000_000_000)} /dev/zero`,
  'ignores-term': `trap "" TERM; while :; do sleep 0.1; done`,
  'double-forks': '(setsid sh -c "sleep 600" &); exit 0',
  'outlives-its-period': 'sleep 2.5',
  'removes-its-log': 'rm -r logs/removes-its-log; echo a; sleep 0.3; echo b',
  'closes-stdin': 'exec 0<&-; cat',
  'no-shell-finds-it': 'no-such-command',
};

describe('a crontab of jobs that behave badly', () => {
  it('leaves the others on time, and each with its end', async () => {
    const bad = Object.entries(BAD_JOBS).map(([name, command]) =>
      name === 'outlives-its-period'
        ? `#: name=${name}\n@every 1s ${command}\n`
        : `#: name=${name} ${name === 'ignores-term' ? 'timeout=2s' : ''} grace=200ms max-log=1M\n@reboot ${command}\n`,
    );
    const { begin, rows, mark, file } = await scheduled(`${bad.join('')}#: name=good\n@every 1s true\n`);
    const schedule = begin(['--grace', '3s']);
    const isDone = (name: string) => /^(?:success|failed)/.test(states(rows(), name)[0] ?? '');
    await until(() => Object.keys(BAD_JOBS).every(isDone), 'all of them have ended');
    await until(() => states(rows(), 'outlives-its-period').includes('skipped: overlap'), 'the overlap');
    const runs = () => states(rows(), 'good').filter((state) => state === 'success');
    await until(() => runs().length > 3, 'four runs of the good one');
    expect(await stop(schedule)).toEqual(byTerm);
    expect(Object.keys(BAD_JOBS).map((name) => [name, states(rows(), name)[0], status(name)])).toEqual([
      ['closes-stdout', 'success', 0],
      ['writes-on', 'success', 0],
      ['ignores-term', 'failed: timeout', 137],
      ['double-forks', 'success', 0],
      ['outlives-its-period', 'success', 0],
      ['removes-its-log', 'success', 0],
      ['closes-stdin', 'failed', 1],
      ['no-shell-finds-it', 'failed', 127],
    ]);
    function status(name: string) {
      return rows().find(({ job }) => job === name)?.status;
    }
    // One that was due in the last moment is left to the next schedule. A run that took as long as LATE_MS allows overlaps.
    const good = rows().filter(
      ({ job, state, reason }) => job === 'good' && state !== 'queued' && reason !== 'overlap',
    );
    expect(good.length).toBeGreaterThan(3);
    expect(new Set(states(good, 'good'))).toEqual(new Set(['success']));
    expect(Math.max(...good.map(({ scheduled: due, start }) => (start ?? Infinity) - due))).toBeLessThan(
      LATE_MS,
    );
    // As nothing of it has taken itself out.
    expect(processesWith(mark)).toEqual([]);
    const [log = ''] = readdirSync(file('logs/writes-on'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.log'),
    );
    expect(statSync(file(`logs/writes-on/${log}`)).size).toBeLessThan(1_600_000);
  });

  it('of ten thousand lines works', async () => {
    const { begin, rows, file } = await scheduled(
      `${'59 23 31 12 * true\n'.repeat(10_000)}#: name=last\n@reboot touch here\n`,
    );
    const schedule = begin();
    await until(() => existsSync(file('here')) && states(rows(), 'last')[0] === 'success', 'the last one');
    expect(await stop(schedule)).toEqual(byTerm);
  });
});

describe('a process that was written down', () => {
  it('lives, when it is a stranger with that number', async () => {
    const { begin, rows, file, cwd, write } = await scheduled(
      '#: name=a\n@reboot touch begun; exec sleep 600\n',
    );
    const stranger = spawn('sleep', ['600'], { cwd, env: { ETL_RUN: '1', ETL_TASK: 'a', ETL_TRY: '1' } });
    onTestFinished(() => void stranger.kill('SIGKILL'));
    const first = begin();
    await until(() => existsSync(file('begun')), 'the job runs');
    first.kill('SIGKILL');
    await until(() => first.signalCode !== null, 'its end');
    await write('#: name=b\n@reboot true\n');
    const second = begin();
    await until(
      () => states(rows(), 'a')[0] === 'failed: lost' && states(rows(), 'b').length > 0,
      'the next one',
    );
    expect(await stop(second)).toEqual(byTerm);
    expect([stranger.exitCode, stranger.signalCode, existsSync(file('runs.db'))]).toEqual([null, null, true]);
  });
});
