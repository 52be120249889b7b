/**
 * The cost of a schedule: CPU time and memory while idle, memory after many runs; and the time of `runs` over a long
 * history.
 *
 * @import { ChildProcess } from 'node:child_process'
 * @import { Section, Settings } from './types.d.ts'
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { interleave } from './measure.js';
import { MAX_IDLE_CPU, MAX_IDLE_MEMORY, MAX_MORE_MEMORY, MAX_RUNS_MS } from './works.js';

const IDLE_MS = 60_000;
/** Idle measurements begin this long after the start. */
const SETTLED_MS = 5000;
const FEW_RUNS = 1000;
const MANY_RUNS = 100_000;
const ROWS = 1_000_000;
const IDLE_JOBS = 50;
const BUSY_JOBS = 500;
const LOOK_MS = 1000;
const SAMPLES = 9;
const MEBI = 1 << 20;
const PAGE = 4096;
const NEVER = '0 0 1 1 *';
/** Each run is a process that exits at once, without a shell; runs beyond capacity are recorded as skipped. */
const BUSY = `SHELL=/bin/true\n${'@every 1s -\n'.repeat(BUSY_JOBS)}`;

/** @param {string} tool */
const bin = (tool) => fileURLToPath(new URL(`../../bin/${tool}`, import.meta.url));

/**
 * A section of the report: the measurements, described.
 *
 * @param {Settings} settings
 * @returns {Promise<Section>}
 */
export async function ledger({ folder: parent, runs: turns, parts }) {
  const folder = join(parent, 'ledger');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const idle = await idling(folder);
  const busy = await memoryOfBusy(folder, MANY_RUNS / parts);
  const history = await overHistory(folder, ROWS / parts, turns);
  rmSync(folder, { recursive: true, force: true });
  return section({ idle, busy, history, parts });
}

/** Measures a schedule and a process that does nothing, side by side. @param {string} folder */
async function idling(folder) {
  const crontab = crontabIn(folder, 'idle', `${NEVER} true\n`.repeat(IDLE_JOBS));
  const programs = [
    begin([bin('schedule'), '--ledger', join(folder, 'idle.db'), crontab]),
    begin([process.execPath, '-e', 'setInterval(() => {}, 1e9)']),
  ];
  await sleep(SETTLED_MS);
  const before = programs.map(cpuOf);
  await sleep(IDLE_MS);
  const cpu = programs.map((program, at) => ((cpuOf(program) - (before[at] ?? 0)) / IDLE_MS) * 100);
  const memory = programs.map(memoryOf);
  for (const program of programs) await end(program);
  return { cpu: cpu[0] ?? Number.NaN, memory: memory[0] ?? Number.NaN, bare: memory[1] ?? Number.NaN };
}

/**
 * The memory of a schedule in MB after its first runs, and after many.
 *
 * @param {string} folder @param {number} many
 */
async function memoryOfBusy(folder, many) {
  const path = join(folder, 'busy.db');
  const schedule = begin([bin('schedule'), '--ledger', path, crontabIn(folder, 'busy', BUSY)]);
  const few = await memoryOnce(schedule, path, `SELECT count("end") >= ${FEW_RUNS} AS holds FROM try`);
  // Including skipped runs.
  const most = await memoryOnce(schedule, path, `SELECT max(run) >= ${many} AS holds FROM run`);
  await end(schedule);
  return { few, many: most };
}

/** The median over some seconds, because the heap fluctuates. @param {ChildProcess} child @param {string} path @param {string} sql */
async function memoryOnce(child, path, sql) {
  while (!holds(path, sql)) await sleep(LOOK_MS);
  const samples = [];
  while (samples.length < SAMPLES) {
    samples.push(memoryOf(child));
    await sleep(LOOK_MS);
  }
  return samples.sort((a, b) => a - b)[SAMPLES >> 1] ?? Number.NaN;
}

/**
 * The time of `runs` over this many runs of 20 jobs, and over none.
 *
 * @param {string} folder @param {number} rows @param {number} turns
 */
async function overHistory(folder, rows, turns) {
  const lines = Array.from({ length: 20 }, (_, at) => `${NEVER} job${at}\n`);
  for (const name of ['none', 'long']) {
    const crontab = crontabIn(folder, name, lines.join(''));
    const schedule = begin([bin('schedule'), '--ledger', join(folder, `${name}.db`), crontab]);
    await sleep(SETTLED_MS);
    await end(schedule);
  }
  fill(join(folder, 'long.db'), rows);
  /** @param {string} name @param {string[]} words */
  const job = (name, ...words) => ({
    ...{ name: ['runs', ...words].join(' '), words: [bin('runs'), '--ledger', `${name}.db`, ...words] },
    ...{ cwd: folder, peaks: false },
  });
  return interleave(
    [job('none'), job('long'), job('long', 'job7'), job('long', '--failed', '--since', '1d')],
    Math.max(turns, 5),
  );
}

/** A run per minute and job, up to now; every 50th failed. @param {string} path @param {number} rows */
function fill(path, rows) {
  const database = new DatabaseSync(path);
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  database.exec(`
    BEGIN;
    WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < ${rows} - 1),
      at AS (SELECT n, 'job' || (n % 20) AS job, ${now} - (${rows} - n) / 20 * 60000 AS t FROM n)
    INSERT INTO run (job, "trigger", scheduled, repeat, data_start, data_end, count, state, tries, queued, start, "end",
      status, is_of_now)
    SELECT job, 'schedule', t, 0, t - 60000, t, 1, iif(n % 50 = 0, 'failed', 'success'), 1, t, t + 100, t + 2000 + n % 977,
      n % 50 = 0, 1 FROM at;
    COMMIT`);
  database.close();
}

/** @param {string} path @param {string} sql */
function holds(path, sql) {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    return database.prepare(sql).get().holds === 1;
  } catch {
    // It is still being created.
    return false;
  } finally {
    database.close();
  }
}

/** @param {string} folder @param {string} name @param {string} text */
function crontabIn(folder, name, text) {
  const path = join(folder, `${name}.crontab`);
  writeFileSync(path, text);
  return path;
}

/** @param {readonly string[]} words */
function begin([command = '', ...words]) {
  return spawn(command, words, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** @param {ChildProcess} child */
async function end(child) {
  const closed = once(child, 'close');
  child.kill();
  await closed;
}

/** CPU time of all threads so far, in ms. @param {ChildProcess} child */
function cpuOf({ pid }) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const times = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return times.reduce((sum, time) => sum + time, 0) / 1e6;
}

/** Resident set size in MB. @param {ChildProcess} child */
function memoryOf({ pid }) {
  return (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE) / MEBI;
}

/** @param {{ idle: Awaited<ReturnType<typeof idling>>, busy: Awaited<ReturnType<typeof memoryOfBusy>>, history: Awaited<ReturnType<typeof overHistory>>, parts: number }} results @returns {Section} */
function section({ idle, busy, history, parts }) {
  const [none, ...long] = history.map(({ job, seconds }) => ({ name: job.name, ms: seconds * 1000 }));
  /** @param {number} number */
  const inWords = (number) => number.toLocaleString('en');
  return {
    name: 'ledger',
    title: 'What a schedule takes',
    size: `${IDLE_JOBS} jobs that are never due; ${BUSY_JOBS} that are due each second; runs over ${inWords(ROWS / parts)} rows`,
    header: ['', 'measured', ''],
    rows: [
      ['CPU while nothing is due', idle.cpu.toFixed(2), '%'],
      ['memory while nothing is due', idle.memory.toFixed(0), 'MB'],
      ['memory of a Node that does nothing', idle.bare.toFixed(0), 'MB'],
      [`memory after ${inWords(FEW_RUNS)} runs`, busy.few.toFixed(0), 'MB'],
      [`memory after ${inWords(MANY_RUNS / parts)} runs`, busy.many.toFixed(0), 'MB'],
      ['runs, where there are none', none?.ms.toFixed(0) ?? '-', 'ms'],
      ...long.map(({ name, ms }) => [`\`${name}\``, ms.toFixed(0), 'ms']),
    ],
    targets: [
      { what: 'CPU while nothing is due, in %', measured: idle.cpu, most: MAX_IDLE_CPU },
      {
        ...{ what: 'memory while nothing is due, vs a bare Node', measured: idle.memory / idle.bare },
        most: MAX_IDLE_MEMORY,
      },
      {
        ...{ what: `more memory after ${inWords(MANY_RUNS / parts)} runs`, measured: busy.many - busy.few },
        ...{ most: MAX_MORE_MEMORY, unit: 'MB' },
      },
      ...long.map(({ name, ms }) => ({
        ...{ what: `${name}, beyond its start`, measured: ms - (none?.ms ?? Number.NaN) },
        ...{ most: MAX_RUNS_MS, unit: 'ms' },
      })),
    ],
  };
}
