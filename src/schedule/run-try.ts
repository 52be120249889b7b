/**
 * Starts the tries of a schedule, and sees each one to its end.
 *
 * The log of a try is made before its process: where the log is missing, the try was never started.
 */

import type { ChildProcess } from 'node:child_process';
import { endText } from '../commands/command.ts';
import { PassedOn } from '../commands/passed-on.ts';
import { endOf, type Started, startCommand } from '../commands/start-command.ts';
import { Failure, status } from '../failure.ts';
import { logPath } from '../ledger/log-path.ts';
import type { TryResult } from '../ledger/records.ts';
import { LogLines } from './log-lines.ts';
import type { RunningTry, TryOrder } from './try.ts';
import { type Place, placeOfTry, type Surroundings } from './try-environment.ts';
import { TryLog } from './try-log.ts';

/** Takes whole lines as a try prints them; what it returns is waited for before more is read. */
type Passthrough = (lines: Buffer) => Promise<unknown> | undefined;

export interface World extends Surroundings {
  readonly passthrough?: { readonly stdout: Passthrough; readonly stderr: Passthrough };
  now(): number;
}

/** Starts tries in one world. */
export class TryRunner {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * Starts a try.
   *
   * @throws Failure (I/O, temporary) when its log cannot be made: then it is not started. Any other reason why it could not
   * be started is its result.
   */
  async startTry(order: TryOrder): Promise<RunningTry> {
    const place = placeOfTry(order, this.#world);
    const log = this.#openLog(order, place);
    const start = this.#world.now();
    const started = await startIn(place, order).catch((error: unknown) => {
      if (error instanceof Failure) return error;
      throw error;
    });
    const run = new Try(order, this.#world, log, start);
    return run.watch(started);
  }

  #openLog({ job, run, repeat, scheduled, task, number }: TryOrder, { env }: Place): TryLog {
    const path = logPath(this.#world.logFolder, { run, job: job.name, scheduled, repeat }, task, number);
    const names = Object.keys(env).filter((name) => env[name] !== undefined);
    const header = [
      `run ${run} of ${job.name}, try ${number}`,
      `command: ${job.command}`,
      `environment: ${names.sort().join(' ')}`,
    ];
    return new TryLog(path, header, this.#world.now());
  }
}

function startIn({ shell, cwd, env }: Place, { job }: TryOrder): Promise<Started> {
  const stdin = job.input === '' ? 'ignore' : [Buffer.from(job.input)];
  return startCommand([shell, '-c', job.command], { env, cwd, stdin });
}

class Try {
  readonly #order: TryOrder;
  readonly #world: World;
  readonly #log: TryLog;
  readonly #start: number;
  #reason: 'timeout' | 'killed' | 'stopped' | undefined;
  #child: ChildProcess | undefined;
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(order: TryOrder, world: World, log: TryLog, start: number) {
    this.#order = order;
    this.#world = world;
    this.#log = log;
    this.#start = start;
  }

  watch(started: Started | Failure): RunningTry {
    if (!(started instanceof Error || started.child instanceof Error)) this.#child = started.child;
    this.#after(this.#order.job.policies.timeoutMs, () => this.#stop('timeout'));
    return {
      result: this.#resultOf(started),
      stop: (reason) => this.#stop(reason),
      kill: () => this.#kill('SIGKILL'),
    };
  }

  async #resultOf(started: Started | Failure): Promise<TryResult> {
    const end = await this.#endOf(started);
    for (const timer of this.#timers) clearTimeout(timer);
    const now = this.#world.now();
    const { state, reason } = this.#verdict(end.status);
    const why = [reason ?? [], end.text].flat().join(': ');
    this.#log.close([`${state}: ${why}`], now);
    return {
      ...{ state, reason, status: end.status, signal: end.signal, start: this.#start, end: now },
      ...{ cpuSeconds: undefined, peakBytes: undefined },
    };
  }

  async #endOf(started: Started | Failure) {
    if (started instanceof Failure) return notStarted(started);
    const pipes = [this.#pass(started.stdout, 'O'), this.#pass(started.stderr, 'E')];
    try {
      const { status, signal, stderr } = await endOf(started.child);
      await Promise.all(pipes.map((pipe) => pipe.rest()));
      return { status, signal, text: stderr || endText({ status, ...(signal && { signal }) }) };
    } catch (error) {
      if (error instanceof Failure) return notStarted(error);
      throw error;
    } finally {
      for (const pipe of pipes) pipe.drop();
    }
  }

  #pass(descriptor: number, letter: 'O' | 'E') {
    const lines = new LogLines(letter);
    const pipe = new PassedOn(descriptor, async (chunk) => {
      this.#log.add(lines.take(chunk, this.#world.now()));
    });
    return {
      rest: async () => {
        await pipe.rest();
        this.#log.add(lines.end(this.#world.now()));
      },
      drop: () => pipe.drop(),
    };
  }

  #verdict(code: number): Pick<TryResult, 'state' | 'reason'> {
    if (this.#reason !== undefined) return { state: 'failed', reason: this.#reason };
    if (this.#order.job.policies.skipOn.has(code)) return { state: 'skipped', reason: 'skip-on' };
    return { state: code === 0 ? 'success' : 'failed', reason: undefined };
  }

  #stop(reason: 'timeout' | 'killed' | 'stopped'): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#kill('SIGTERM');
    this.#after(this.#order.job.policies.graceMs, () => this.#kill('SIGKILL'));
  }

  #kill(signal: NodeJS.Signals): void {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The whole group has ended already.
    }
  }

  #after(ms: number, work: () => void): void {
    if (ms !== Number.POSITIVE_INFINITY) this.#timers.push(setTimeout(work, ms));
  }
}

function notStarted({ message }: Failure) {
  return { status: status.temporary as number, signal: undefined, text: message };
}
