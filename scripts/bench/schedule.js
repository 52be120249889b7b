/**
 * How late jobs start that are due in the same minute: with schedule, with other programs that read a crontab, and with bare
 * node-cron; and whether schedule starts all of many more jobs.
 *
 * The programs take turns in separate minutes, A B C A B C, and are idle in between, so that none disturbs another.
 *
 * @import { Section, Settings } from './types.d.ts'
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { outputOf } from './measure.js';
import { MAX_BESIDE_CRON, MAX_BESIDE_SUPERCRONIC } from './works.js';

const JOBS = 50;
const MANY_JOBS = 1000;
const MINUTES = 3;
const MINUTE_MS = 60_000;
/** Time for a program to read its crontab before its first minute. */
const READY_MS = 5000;
/** Margin for truncated times, in seconds. */
const CUT = 0.02;
const INSTALL_SUPERCRONIC = 'GOBIN="$PWD/bench/peers" go install github.com/aptible/supercronic@v0.2.48';

/** @param {string} name */
const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const supercronic = path('bench/peers/supercronic');
const cron = path('scripts/servers/cron.sh');

/** @typedef {{ readonly name: string, readonly words: (crontab: string) => readonly string[] }} Program */
/** @typedef {{ readonly count: number, readonly p50: number, readonly p99: number, readonly slowest: number }} Lateness */

/** @type {Program} */
const own = {
  name: 'schedule',
  words: (crontab) => [path('bin/schedule'), '--ledger', `${crontab}.db`, '--jobs', '1000', crontab],
};

/** The programs on this machine. @returns {Program[]} */
function programs() {
  /** @type {Program[]} */
  const all = [
    own,
    {
      name: 'bare node-cron',
      words: (crontab) => [process.execPath, path('scripts/bench/schedule-bare.js'), crontab],
    },
  ];
  if (existsSync(supercronic))
    all.push({ name: 'supercronic', words: (crontab) => [supercronic, '-quiet', crontab] });
  else process.stderr.write(`supercronic is left out: ${INSTALL_SUPERCRONIC}\n`);
  const missing = outputOf(cron, ['check']).trim();
  if (missing === '' && process.getuid?.() === 0)
    all.push({ name: 'cron', words: (crontab) => [cron, 'live', crontab] });
  else process.stderr.write(`cron is left out: ${missing || 'only root can run it'}\n`);
  return all;
}

/**
 * A section of the report: seconds from the start of the minute to the start of the job.
 *
 * @param {Settings} settings
 * @returns {Promise<Section>}
 */
export async function schedule({ folder: parent, parts }) {
  const minutes = parts === 1 ? MINUTES : 1;
  const folder = join(parent, 'schedule');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const few = await lateness(programs(), { folder, jobs: JOBS, minutes });
  const many = await lateness([{ ...own, name: 'schedule-many' }], { folder, jobs: MANY_JOBS, minutes });
  rmSync(folder, { recursive: true, force: true });
  return section(few, many.get('schedule-many'), minutes);
}

/**
 * @param {readonly Program[]} taking @param {{ readonly folder: string, readonly jobs: number, readonly minutes: number }} work
 * @returns {Promise<Map<string, Lateness>>}
 */
async function lateness(taking, { folder, jobs, minutes }) {
  const first = Math.ceil((Date.now() + READY_MS) / MINUTE_MS);
  const started = taking.map((program, at) => {
    const crontab = join(folder, program.name.replace(' ', '-'));
    const due = Array.from({ length: minutes }, (_, round) => (first + at + round * taking.length) % 60);
    // Only shell builtins, because a process per job would take longer than starting the shell.
    const line = `${due.sort((a, b) => a - b).join(',')} * * * * read -r up rest </proc/uptime; echo "$up" >>${crontab}.out`;
    writeFileSync(crontab, `${line}\n`.repeat(jobs));
    return { name: program.name, out: `${crontab}.out`, child: begin(program.words(crontab), folder) };
  });
  await sleep((first + minutes * taking.length) * MINUTE_MS - Date.now());
  for (const { child } of started) await end(child);
  return new Map(started.map(({ name, out }) => [name, latenessIn(out)]));
}

/** @param {readonly string[]} words @param {string} cwd */
function begin([command = '', ...words], cwd) {
  return spawn(command, words, { cwd, stdio: ['pipe', 'ignore', 'inherit'] });
}

/** @param {import('node:child_process').ChildProcess} child */
async function end(child) {
  if (child.exitCode !== null) throw new Error(`ended by itself: ${child.spawnargs.join(' ')}`);
  const closed = once(child, 'close');
  child.stdin?.end();
  if (!child.spawnargs.includes('live')) child.kill();
  await closed;
}

/**
 * The median over minutes, so that one slow minute of the machine does not count against a program.
 *
 * @param {string} file times since boot, in seconds
 * @returns {Lateness}
 */
function latenessIn(file) {
  const started = Date.now() / 1000 - Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  /** @type {Map<number, number[]>} */
  const minutes = new Map();
  for (const line of lines) {
    // Uptimes are truncated to hundredths, and may seem to precede the minute.
    const seconds = Number(line) + started + CUT;
    const minute = Math.floor(seconds / 60);
    minutes.set(minute, [...(minutes.get(minute) ?? []), seconds - CUT - minute * 60]);
  }
  /** @param {number} share */
  const at = (share) => median([...minutes.values()].map((late) => quantile(late, share)));
  return {
    count: lines.length,
    p50: at(0.5),
    p99: at(0.99),
    slowest: Math.max(...[...minutes.values()].flat()),
  };
}

/** @param {readonly number[]} numbers @param {number} share */
function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** @param {readonly number[]} numbers */
const median = (numbers) => quantile(numbers, 0.5);

/** @param {Map<string, Lateness>} few @param {Lateness | undefined} many @param {number} minutes @returns {Section} */
function section(few, many, minutes) {
  const rows = [...few].map(([name, late]) => row(name, JOBS, late));
  const p99 = few.get('schedule')?.p99 ?? Number.NaN;
  /** @param {string} name @param {number} most */
  const beside = (name, most) => ({
    what: `lateness (p99) of schedule vs ${name}`,
    measured: p99 / (few.get(name)?.p99 ?? Number.NaN),
    most,
  });
  return {
    name: 'schedule',
    title: 'Jobs that are due in the same minute',
    size: `${minutes} minutes each, in turn: that in the middle, and the slowest job of all`,
    header: ['', 'jobs', 'p50', 'p99', 'slowest', 'started'],
    rows: many ? [...rows, row('schedule', MANY_JOBS, many)] : rows,
    targets: [
      beside('cron', MAX_BESIDE_CRON),
      beside('supercronic', MAX_BESIDE_SUPERCRONIC),
      {
        what: `runs of ${MANY_JOBS} jobs a minute that schedule missed`,
        measured: MANY_JOBS * minutes - (many?.count ?? 0),
        most: 0,
        unit: 'runs',
      },
    ],
  };
}

/** @param {string} name @param {number} jobs @param {Lateness} late */
function row(name, jobs, { count, p50, p99, slowest }) {
  return [name, String(jobs), ...[p50, p99, slowest].map((seconds) => seconds.toFixed(2)), String(count)];
}
