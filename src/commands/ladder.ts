/** Stops a command and its children in steps: time to finish, SIGTERM, SIGKILL. */

import type { ChildProcess } from 'node:child_process';
import { kill } from 'node:process';
import { LONGEST_TIMER_MS } from '../async/time-limit.ts';

/** From SIGTERM to SIGKILL. */
const KILL_MS = 5000;
/** How long to drain the output of a stopped command once it has ended. */
const LAST_MS = 1000;

/** When to stop a command. */
export interface Stop {
  /** Once aborted, the command may go on for `graceMs`; then it gets SIGTERM and, 5 s later, SIGKILL. */
  readonly signal: AbortSignal;
  readonly graceMs: number;
  /** Once aborted, the command gets SIGTERM at once. */
  readonly insist: AbortSignal;
}

/** Watches over one command until it is closed. */
export class Ladder {
  /** Resolves when its output is no longer waited for. */
  readonly overdue: Promise<void>;
  #pid: number | undefined;
  readonly #stop: Stop;
  readonly #timers: NodeJS.Timeout[] = [];
  #isTerminating = false;
  #giveUp = () => {};
  readonly #begin = () => this.#after(this.#stop.graceMs, () => this.terminate());
  readonly #insist = () => this.terminate();

  /** @param child the process; an Error if it could not be started */
  constructor(child: ChildProcess | Error, stop: Stop) {
    this.#pid = child instanceof Error ? undefined : child.pid;
    this.#stop = stop;
    this.overdue = new Promise((resolve) => {
      this.#giveUp = resolve;
    });
    listen(stop.signal, this.#begin);
    listen(stop.insist, this.#insist);
  }

  /** Whether it was told to end. */
  get isTerminating(): boolean {
    return this.#isTerminating;
  }

  /** SIGTERM to the whole process group, then SIGKILL. */
  terminate(): void {
    if (this.#isTerminating) return;
    this.#isTerminating = true;
    this.#kill('SIGTERM');
    this.#after(KILL_MS, () => this.#kill('SIGKILL'));
    if (this.#pid === undefined) this.#after(LAST_MS, this.#giveUp);
  }

  /** To be called when the command has ended: processes it left behind are not killed. */
  ended(): void {
    this.#pid = undefined;
    if (this.#isTerminating) this.#after(LAST_MS, this.#giveUp);
  }

  /** Ends the watch. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#stop.signal.removeEventListener('abort', this.#begin);
    this.#stop.insist.removeEventListener('abort', this.#insist);
  }

  #after(ms: number, work: () => void): void {
    this.#timers.push(setTimeout(work, Math.min(ms, LONGEST_TIMER_MS)));
  }

  #kill(signal: NodeJS.Signals): void {
    try {
      if (this.#pid !== undefined) kill(-this.#pid, signal);
    } catch {
      // The whole group has ended already.
    }
  }
}

function listen(signal: AbortSignal, work: () => void): void {
  if (signal.aborted) work();
  else signal.addEventListener('abort', work, { once: true });
}
