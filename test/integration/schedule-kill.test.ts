/**
 * A schedule that is killed again and again, with 20 jobs, some of them long: each due time is in one row, no two tries of a job
 * are at work at once, and nothing is left behind.
 */

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readDatabase } from '../database.ts';
import { ended, until } from '../harness.ts';
import { killNow, processesWith } from '../processes.ts';
import { seeded } from '../random.ts';
import { killableGraph } from '../schedule/graph/killable.ts';
import { type Row, rowsOf, scheduled, stop } from '../scheduled.ts';
import { rounds } from '../thorough.ts';

const KILLS = rounds(50);
/** Of schedules of graphs. */
const GRAPH_KILLS = rounds(15);
/** Until a schedule is killed, from its start, or from its first work. */
const LONGEST_MS = 1500;

/** For how long a job works, and how it is treated. */
const KINDS = [
  ['', 0.2],
  ['overlap=wait', 1.5],
  ['overlap=kill retries=3', 3],
  ['catchup=last retries=2', 0.5],
  ['catchup=all:5s retries=1', 0.3],
  ['orphans=wait', 4],
  ['retries=100', 90],
  ['orphans=wait retries=1', 45],
  ['timeout=2s grace=100ms retries=2', 20],
  ['retries=1', 0],
] as const;

const JOBS = Array.from({ length: 20 }, (_, at) => {
  const [policies = '', seconds = 0] = KINDS[at % KINDS.length] ?? [];
  const every = 1 + (at % 5);
  const name = `job-${at}`;
  // The lock is held by all processes of the try.
  const command =
    `exec 9>lock-${at}; flock -n 9 || echo "$ETL_JOB $ETL_RUN $ETL_TRY" >>overlaps; ` +
    `echo "$ETL_RUN $ETL_TRY" >>begun; sleep ${seconds}; true`;
  return {
    name,
    everyMs: every * 1000,
    line: `#: name=${name} retry-delay=0 ${policies}\n@every ${every}s ${command}`,
  };
});

describe('a schedule that is killed again and again', () => {
  it('does each due time once, one try of a job at a time, and leaves no process behind', async () => {
    const random = seeded(17);
    const { cwd, begin, file, lines, rows, mark } = await scheduled(
      `${JOBS.map(({ line }) => line).join('\n')}\n#: name=daemon\n@reboot env -u ETL_LEDGER_ID setsid sleep 600 &\n`,
    );
    const env = { ETL_RUN: '1', ETL_LEDGER_ID: `another-${process.pid}` };
    const stranger = spawn('sleep', ['600'], { env, cwd });
    onTestFinished(() => void stranger.kill('SIGKILL'));
    for (let kill = 0; kill < KILLS; kill++) {
      // A number that was written down may be another process's by now.
      writeFileSync(file('runs.db-lock'), `pid ${stranger.pid} on here since 2026-11-21T10:04:00Z\n`);
      const before = lines('begun').length;
      const schedule = begin();
      const end = ended(schedule);
      if (random() < 0.6) await until(() => lines('begun').length > before, 'a job works');
      await sleep(random() * LONGEST_MS);
      killNow(schedule.pid ?? 0);
      expect((await end).stderr).toBe('');
    }
    const begun = Date.now();
    const schedule = begin(['--grace', '1s']);
    await until(() => ledgerOf(file('runs.db')).decided > begun, 'it works');
    expect(await stop(schedule)).toEqual({ status: null, signal: 'SIGTERM', stdout: '', stderr: '' });

    expect(lines('overlaps'), 'tries of one job at once').toEqual([]);
    expect(
      lines('begun').filter((line, at, all) => all.indexOf(line) !== at),
      'tries made twice',
    ).toEqual([]);
    const { id, decided } = ledgerOf(file('runs.db'));
    expect(processesWith(`ETL_LEDGER_ID=${id}`)).toEqual([]);
    expect(stranger.exitCode).toBeNull();
    expect(stranger.signalCode).toBeNull();
    // What is left has taken itself out.
    expect(new Set(processesWith(mark).map(({ command }) => command))).toEqual(new Set(['sleep 600']));
    for (const job of JOBS) expectAllDueTimes(rows(), job, decided);
    const states = new Set(rows().map(({ state, reason }) => (reason ? `${state}: ${reason}` : state)));
    // All this has happened.
    for (const state of ['success', 'failed: lost', 'skipped: overlap']) expect(states).toContain(state);
  });
});

describe('a schedule of graphs that is killed again and again', () => {
  it('does each due time once, and no task again that has succeeded', async () => {
    const random = seeded(19);
    const { begin, file, lines, rows, mark } = await scheduled('');
    const graphs = [
      { name: 'diamond', everyMs: 2000, head: 'overlap: wait\ncatchup: last\n' },
      { name: 'patient', everyMs: 3000, head: 'catchup: all\ntags: [x]\n' },
    ];
    for (const { name, everyMs, head } of graphs) {
      const orphans = name === 'patient' ? '1000, orphans: wait' : '1000';
      const text = killableGraph(`${head}schedule: "@every ${everyMs / 1000}s"\n`);
      writeFileSync(
        file(`${name}.yaml`),
        text.replace('dag: diamond', `dag: ${name}`).replace('{retries: 1,', `{retries: ${orphans},`),
      );
    }
    const files = graphs.map(({ name }) => `${name}.yaml`);
    for (let kill = 0; kill < GRAPH_KILLS; kill++) {
      const schedule = begin(files);
      const end = ended(schedule);
      if (random() < 0.6) await until(() => isTryUnderWay(file('runs.db')), 'a task works');
      await sleep(random() * LONGEST_MS);
      killNow(schedule.pid ?? 0);
      expect((await end).stderr).toBe('');
    }
    const schedule = begin([...files, '--grace', '20s']);
    const atWork = () => rows().filter(({ state }) => state === 'success').length;
    const before = atWork();
    await until(() => atWork() > before + 2, 'runs succeed');
    expect(await stop(schedule)).toEqual({ status: null, signal: 'SIGTERM', stdout: '', stderr: '' });

    expect(lines('overlaps'), 'tries of one task at once').toEqual([]);
    expect(processesWith(mark)).toEqual([]);
    const { decided } = ledgerOf(file('runs.db'));
    for (const job of graphs) expectAllDueTimes(rows(), job, decided);
    const { again, lost } = triesOf(file('runs.db'));
    expect(again, 'tasks that were done again').toEqual([]);
    expect(lost).toBeGreaterThan(0);
  });
});

function isTryUnderWay(path: string): boolean {
  if (rowsOf(path).length === 0) return false;
  return readDatabase(path, (database) => {
    const running = database.prepare(`SELECT 1 FROM try WHERE state = 'running'`);
    return running.get() !== undefined;
  });
}

/** Tries that came after one that had succeeded, and how many tries were lost. */
function triesOf(path: string): { readonly again: readonly unknown[]; readonly lost: number } {
  return readDatabase(path, (database) => {
    const again = database
      .prepare(
        `SELECT run, task, number FROM try AS later WHERE EXISTS (
           SELECT 1 FROM try WHERE run = later.run AND task = later.task AND number < later.number AND state = 'success')`,
      )
      .all();
    return { again, ...database.prepare(`SELECT count(*) AS lost FROM try WHERE reason = 'lost'`).get() };
  });
}

/** Each due time of a job, from its first row on, is in exactly one row. */
function expectAllDueTimes(
  all: readonly Row[],
  { name, everyMs }: { readonly name: string; readonly everyMs: number },
  decided: number,
): void {
  const own = all.filter(({ job }) => job === name).sort((one, other) => one.scheduled - other.scheduled);
  const times = own.flatMap(({ scheduled: last, count }) =>
    Array.from({ length: count }, (_, at) => last - (count - 1 - at) * everyMs),
  );
  const first = times[0] ?? 0;
  const count = Math.floor((decided - first) / everyMs) + 1;
  expect(times, name).toEqual(Array.from({ length: count }, (_, at) => first + at * everyMs));
}

function ledgerOf(path: string): { readonly id: string; readonly decided: number } {
  return readDatabase(path, (database) => database.prepare('SELECT name AS id, decided FROM ledger').get());
}
