// Runs command lines and measures them from outside: wall time from start to end, and the largest resident set of the
// program. The latter comes from GNU time (the kernel's own ru_maxrss); without it /proc is polled, which may miss the
// end of a run.
//
// A job is `{ name, words, cwd, feed?, stdin?, stdout?, once?, before?, after? }`: `words` are program and arguments;
// `feed` are program and file whose output it reads through a pipe; `before` and `after` are called outside the timing.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const POLL_MS = 5;
const MEBI = 1024;
const peakFile = join(tmpdir(), `etlutils-bench-${process.pid}`);

/** Whether peaks are the kernel's: otherwise they are polled. */
export const exactPeaks = /GNU/.test(outputOf('time', ['--version']));

/** Runs every job `runs` times in turn (A B C A B C ...), a job with `once` only in the first turn. */
export async function interleave(jobs, runs) {
  const results = jobs.map((job) => ({ job, runs: [] }));
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

/** Wall time in seconds, and the peak in MB where `peaks` are wanted. */
async function measure({ words, cwd, feed, stdin = '/dev/null', stdout = '/dev/null', peaks = true }) {
  const files = [openSync(stdin, 'r'), openSync(stdout, 'w')];
  const [command, ...rest] = fed(feed, peaks && exactPeaks ? timed(words) : words);
  // With this variable Node reads certificates for 45 ms at its start, which would hide what a tool itself takes.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = { ...process.env, LC_ALL: 'C' };
  const started = performance.now();
  const child = spawn(command, rest, { cwd, env, stdio: [...files, 'inherit'] });
  const stopPolling = peaks && !exactPeaks ? poll(child.pid) : undefined;
  const [status, signal] = await once(child, 'close');
  const seconds = (performance.now() - started) / 1000;
  for (const file of files) closeSync(file);
  const peak = stopPolling?.() ?? (peaks ? readPeak() : undefined);
  if (status !== 0) throw new Error(`ended with ${signal ?? status}: ${words.join(' ')}`);
  return { seconds, peak };
}

/** A pipeline of two; "$@" keeps every word as it is. */
function fed(feed, words) {
  return feed === undefined ? words : ['sh', '-c', '"$0" "$1" | { shift; "$@"; }', ...feed, ...words];
}

const timed = (words) => ['time', '-q', '-f', '%M', '-o', peakFile, ...words];

function readPeak() {
  const kilobytes = Number(readFileSync(peakFile, 'utf8').trim());
  rmSync(peakFile);
  return kilobytes / MEBI;
}

/** Watches a process and what it has started; the function returned stops that and says the largest peak in MB. */
function poll(pid) {
  let peak = 0;
  const look = () => {
    for (const one of family(pid)) peak = Math.max(peak, highWater(one));
  };
  const timer = setInterval(look, POLL_MS);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

function family(pid) {
  const children = readIfThere(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  return [pid, ...children.flatMap(family)];
}

function highWater(pid) {
  const kilobytes = /VmHWM:\s*(\d+)/.exec(readIfThere(`/proc/${pid}/status`))?.[1] ?? 0;
  return Number(kilobytes) / MEBI;
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The process has just ended.
    return '';
  }
}

function summary({ job, runs }) {
  const seconds = runs.map((run) => run.seconds);
  return {
    job,
    runs: runs.length,
    seconds: median(seconds),
    fastest: Math.min(...seconds),
    slowest: Math.max(...seconds),
    peak: median(runs.map((run) => run.peak)),
  };
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** Reads a file once, so that every run finds it in the page cache. */
export function warm(path) {
  const file = openSync(path, 'r');
  const block = Buffer.allocUnsafe(1 << 20);
  while (readSync(file, block, 0, block.length, null) > 0);
  closeSync(file);
}

/** What a command prints, or '' if it is not there. */
export function outputOf(command, words) {
  const { stdout, stderr } = spawnSync(command, words, { encoding: 'utf8' });
  return `${stdout ?? ''}${stderr ?? ''}`;
}
