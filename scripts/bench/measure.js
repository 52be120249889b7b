/**
 * Runs programs and measures them from outside: wall time, CPU time, and peak resident set size. CPU time and peak come from
 * GNU time (the kernel's rusage); without it, CPU time is unknown, and /proc is polled for memory, which may miss the end of a
 * run.
 *
 * @import { Job, Result } from './types.d.ts'
 */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const POLL_MS = 5;
const MEBI = 1024;
const usageFile = join(tmpdir(), `etlutils-bench-${process.pid}`);

/** Whether CPU times and peaks come from the kernel; otherwise peaks are polled. */
export const hasGnuTime = /GNU/.test(outputOf('time', ['--version']));

/**
 * Runs all jobs in turn (A B C A B C ...), `runs` times; a job with `once` only in the first turn.
 *
 * @template {Job} AnyJob
 * @param {readonly AnyJob[]} jobs
 * @param {number} runs
 * @returns {Promise<Result<AnyJob>[]>}
 */
export async function interleave(jobs, runs) {
  const results = jobs.map((job) => ({ job, runs: /** @type {Run[]} */ ([]) }));
  for (let run = 0; run < runs; run++) {
    for (const { job, runs: done } of results) {
      if (run > 0 && job.once) continue;
      await job.before?.();
      done.push(await measure(job));
      await job.after?.();
    }
  }
  return results.map(summary);
}

/** @typedef {Pick<Result, 'cpu' | 'peak'>} Usage */
/** @typedef {Usage & { readonly seconds: number }} Run */

const UNKNOWN = { cpu: Number.NaN, peak: Number.NaN };

/** The cost of one run; without `peaks`, only its wall time. @param {Job} job @returns {Promise<Run>} */
async function measure({ words, cwd, feed, stdin = '/dev/null', stdout = '/dev/null', peaks = true }) {
  const files = [openSync(stdin, 'r'), openSync(stdout, 'w')];
  const [command = '', ...rest] = fed(feed, peaks && hasGnuTime ? timed(words) : words);
  // With this variable Node spends 45 ms on reading certificates at start-up, which would hide the cost of the tool itself.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = { ...process.env };
  const started = performance.now();
  const child = spawn(command, rest, { cwd, env: { ...env, LC_ALL: 'C' }, stdio: [...files, 'inherit'] });
  const stopPolling = peaks && !hasGnuTime ? poll(child.pid ?? 0) : undefined;
  const [status, signal] = await once(child, 'close');
  const seconds = (performance.now() - started) / 1000;
  for (const file of files) closeSync(file);
  const usage = stopPolling?.() ?? (peaks ? readUsage() : UNKNOWN);
  if (status !== 0) throw new Error(`ended with ${signal ?? status}: ${words.join(' ')}`);
  return { seconds, ...usage };
}

/** A pipeline of two programs; "$@" keeps words intact. @param {Job['feed']} feed @param {Job['words']} words */
function fed(feed, words) {
  return feed === undefined ? words : ['sh', '-c', '"$0" "$1" | { shift; "$@"; }', ...feed, ...words];
}

/** @param {Job['words']} words */
const timed = (words) => ['time', '-q', '-f', '%M %U %S', '-o', usageFile, ...words];

/** @returns {Usage} */
function readUsage() {
  const [kilobytes, user, system] = readFileSync(usageFile, 'utf8').trim().split(' ').map(Number);
  rmSync(usageFile);
  return { cpu: user + system, peak: kilobytes / MEBI };
}

/** Polls the memory of a process and its descendants. @param {number} pid @returns {() => Usage} a function that stops it */
function poll(pid) {
  let peak = 0;
  const look = () => {
    for (const member of family(pid)) peak = Math.max(peak, highWater(member));
  };
  const timer = setInterval(look, POLL_MS);
  return () => {
    clearInterval(timer);
    return { ...UNKNOWN, peak };
  };
}

/** A process and its descendants. @param {number} pid @returns {number[]} */
function family(pid) {
  const children = readIfPossible(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(family)];
}

/** @param {number} pid */
function highWater(pid) {
  const kilobytes = /VmHWM:\s*(\d+)/.exec(readIfPossible(`/proc/${pid}/status`))?.[1] ?? 0;
  return Number(kilobytes) / MEBI;
}

/** @param {string} path */
function readIfPossible(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has just ended.
    return '';
  }
}

/**
 * @template {Job} AnyJob
 * @param {{ job: AnyJob, runs: readonly Run[] }} measured
 * @returns {Result<AnyJob>}
 */
function summary({ job, runs }) {
  const seconds = runs.map((run) => run.seconds);
  return {
    job,
    runs: runs.length,
    seconds: median(seconds),
    fastest: Math.min(...seconds),
    slowest: Math.max(...seconds),
    cpu: median(runs.map((run) => run.cpu)),
    peak: median(runs.map((run) => run.peak)),
  };
}

/** @param {readonly number[]} numbers */
function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** Reads a file once, so that every run finds it in the page cache. @param {string} path */
export function warm(path) {
  const file = openSync(path, 'r');
  const block = Buffer.allocUnsafe(1 << 20);
  while (readSync(file, block, 0, block.length, null) > 0);
  closeSync(file);
}

/** The output of a command; '' if it does not exist. @param {string} command @param {string[]} words */
export function outputOf(command, words) {
  const { stdout, stderr } = spawnSync(command, words, { encoding: 'utf8' });
  return `${stdout ?? ''}${stderr ?? ''}`;
}
