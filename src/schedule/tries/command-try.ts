/** A try of a command, from start to result: output, time limit, end of all its processes. */

import type { ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import { elapsedMs } from '../../async/clock.ts';
import { callAfter } from '../../async/long-timer.ts';
import { endText } from '../../commands/command.ts';
import { endOf, type Started } from '../../commands/start-command.ts';
import { errorText, Failure, status } from '../../failure.ts';
import type { TryResult } from '../../ledger/records.ts';
import { processesOf, signal, signalTry, stopProcesses } from './orphans.ts';
import type { Secrets } from './secrets.ts';
import type { RunningTry, TryOrder } from './try.ts';
import type { Place } from './try-environment.ts';
import { noteLines, type TryLog } from './try-log.ts';
import { TryOutput } from './try-output.ts';
import type { TryWorld } from './try-world.ts';
import type { Usage, UsageSampler } from './usage.ts';

/** How long to drain the output of a stopped try after its first process has ended. */
const LAST_MS = 1000;

type StopReason = Parameters<RunningTry['stop']>[0];

/** Everything a try needs. */
export interface TryContext {
  readonly order: TryOrder;
  readonly place: Place;
  readonly world: TryWorld;
  readonly log: Pick<TryLog, 'add' | 'close'>;
  readonly secrets: Secrets;
  readonly sampler: UsageSampler;
  readonly start: number;
}

/** How its first process ended. */
interface End {
  readonly status: number;
  readonly signal: NodeJS.Signals | undefined;
  readonly text: string;
}

/** A try, whether or not its process could be started. */
export class CommandTry implements RunningTry {
  readonly result: Promise<TryResult>;
  readonly #context: TryContext;
  readonly #child: ChildProcess | undefined;
  #reason: StopReason | undefined;
  /** When processes that got TERM get KILL, by the monotonic clock. */
  #killAt = Number.POSITIVE_INFINITY;
  readonly #asked = new Set<number>();
  readonly #insist = new AbortController();
  #endTimer = () => {};
  #hasEnded = false;
  #giveUp = () => {};
  readonly #late: Promise<void>;

  constructor(context: TryContext, started: Started | Failure) {
    this.#context = context;
    this.#late = new Promise((resolve) => {
      this.#giveUp = resolve;
    });
    if (!(started instanceof Failure || started.child instanceof Error)) this.#child = started.child;
    const pid = this.#child?.pid;
    const usage = pid === undefined ? () => UNKNOWN : context.sampler.watch(pid);
    if (pid !== undefined) this.#after(context.order.job.policies.timeoutMs, () => this.stop('timeout'));
    this.result = this.#finish(started, usage);
  }

  stop(reason: StopReason): void {
    if (this.#hasEnded) this.#hurry();
    else if (this.#reason === undefined) this.#terminate(reason);
  }

  kill(): void {
    this.#insist.abort();
    if (this.#hasEnded) this.#hurry();
    else {
      this.#reason ??= 'stopped';
      this.#signal('SIGKILL');
    }
  }

  #terminate(reason: StopReason): void {
    this.#reason = reason;
    const { graceMs } = this.#context.order.job.policies;
    this.#killAt = elapsedMs() + graceMs;
    this.#signal('SIGTERM');
    this.#after(graceMs, () => this.#signal('SIGKILL'));
  }

  async #finish(started: Started | Failure, usage: () => Usage): Promise<TryResult> {
    const { log, world, secrets, start, order } = this.#context;
    const end = started instanceof Failure ? notStarted(started, order.refusal) : await this.#endOf(started);
    const used = usage();
    if (this.#reason !== undefined) await this.#stopRest();
    const now = world.now();
    const { state, reason } = this.#verdict(end.status);
    const why = reason === undefined || reason === 'skip-on' ? end.text : `${reason}: ${end.text}`;
    log.close(secrets.hide(noteLines([`${state}: ${why}`], now)));
    return { ...used, state, reason, status: end.status, signal: end.signal, start, end: now };
  }

  async #endOf(started: Started): Promise<End> {
    const outputs = [this.#output(started, 'stdout'), this.#output(started, 'stderr')];
    try {
      const { status: code, signal: name, stderr } = await endOf(started.child);
      this.#hasEnded = true;
      this.#endTimer();
      if (this.#reason !== undefined) this.#hurry();
      await Promise.race([Promise.all(outputs.map((output) => output.rest())), this.#late]);
      if (stderr !== '') return unusable(code, stderr, this.#context.place);
      return { status: code, signal: name, text: endText({ status: code, ...(name && { signal: name }) }) };
    } catch (error) {
      if (error instanceof Failure) return notStarted(error);
      throw error;
    } finally {
      this.#hasEnded = true;
      this.#endTimer();
      for (const output of outputs) output.drop();
    }
  }

  #output(started: Started, name: 'stdout' | 'stderr'): TryOutput {
    const { log, world, secrets } = this.#context;
    return new TryOutput(started[name], {
      ...{ letter: name === 'stdout' ? 'O' : 'E', log, secrets: secrets.stream() },
      ...{ passthrough: world.passthrough?.[name], now: () => world.now() },
    });
  }

  #verdict(code: number): Pick<TryResult, 'state' | 'reason'> {
    if (this.#reason !== undefined) return { state: 'failed', reason: this.#reason };
    if (this.#context.order.job.policies.skipOn.has(code)) return { state: 'skipped', reason: 'skip-on' };
    return { state: code === 0 ? 'success' : 'failed', reason: undefined };
  }

  /** Limits the wait for the readers of its output. */
  #hurry(): void {
    this.#after(LAST_MS, this.#giveUp);
  }

  /** Signals the process group, and processes of the try that have left it. */
  #signal(name: NodeJS.Signals): void {
    const child = this.#child;
    // Once it is reaped, its PID may be reused.
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    signal(-child.pid, name);
    for (const found of this.#processes()) {
      if (found.group !== child.pid) signalTry(found, name);
      this.#asked.add(found.pid);
    }
  }

  /** Stops the processes that the first one left behind. */
  async #stopRest(): Promise<void> {
    const graceMs = Math.max(0, this.#killAt - elapsedMs());
    const [insist, asked] = [this.#insist.signal, this.#asked];
    await stopProcesses(() => this.#processes(), { graceMs, insist, asked });
  }

  #processes() {
    const { world, order } = this.#context;
    return processesOf(world, order);
  }

  /** One timer at a time: the time limit, then the grace, then the drain. */
  #after(ms: number, work: () => void): void {
    this.#endTimer();
    this.#endTimer = callAfter(ms, work);
  }
}

const UNKNOWN: Usage = { cpuSeconds: undefined, peakBytes: undefined };

/** Not started for lack of resources, which may be temporary; a refusal has a status of its own. */
function notStarted(failure: Failure, refusal?: Failure): End {
  const code = failure === refusal ? failure.status : status.temporary;
  return { status: code, signal: undefined, text: failure.message };
}

/** Tells an unusable folder from an unusable shell: the system reports the same error for both. */
function unusable(code: number, text: string, { shell, cwd }: Place): End {
  try {
    statSync(`${cwd}/.`);
  } catch (error) {
    return { status: 126, signal: undefined, text: `${cwd}: ${errorText(error)}` };
  }
  return { status: code, signal: undefined, text: `${shell[0]}: ${text}` };
}
