/** Sends a request through the ledger to the schedule, or to the run-tasks that executes a run, and awaits the answer. */

import { setTimeout as sleep } from 'node:timers/promises';
import { elapsedMs } from '../async/clock.ts';
import { Failure, status } from '../failure.ts';
import type { Ledger } from './ledger.ts';
import type { Request } from './requests.ts';
import { type Answer, addRequest, readAnswer, readAnswerer, withdrawRequest } from './requests.ts';
import { isRunnerLive } from './runner-lock.ts';
import { isScheduleLive } from './schedule-lock.ts';

const LOOK_MS = 50;

interface Asking {
  /** The path of the ledger. */
  readonly name: string;
  /** How long to wait for the answer. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
  readonly now: number;
}

/** @returns the answer @throws Failure (temporary) when nobody runs, or nobody answers; the Failure in the answer */
export async function askSchedule(
  ledger: Ledger,
  request: Omit<Request, 'id'>,
  asking: Asking,
): Promise<string> {
  const { name } = asking;
  const runner = await ledger.read((file) => readAnswerer(file, request.run));
  const reason = await whyUnanswered(name, request, runner);
  if (reason !== undefined) throw new Failure(status.temporary, `${name}: ${reason}`);
  const { id, answer } = await leaveRequest(ledger, request, { ...asking, runner });
  if (answer === undefined) {
    const who = runner === undefined ? 'the schedule' : 'run-tasks';
    throw new Failure(status.temporary, `${name}: ${who} has not answered: ${await takeBack(ledger, id)}`);
  }
  if (answer.status !== status.ok) throw new Failure(answer.status, answer.text);
  return answer.text;
}

/**
 * Why nobody would answer; undefined when the process in charge is alive.
 *
 * @param name the path of the ledger @param runner from `readAnswerer` @throws Failure (I/O)
 */
export async function whyUnanswered(
  name: string,
  { run }: Pick<Request, 'run'>,
  runner: string | undefined,
): Promise<string | undefined> {
  if (runner === undefined)
    return (await isScheduleLive(name)) ? undefined : 'no schedule is running with this ledger';
  if (await isRunnerLive(runner)) return undefined;
  return `run ${run} is lost: its run-tasks was killed (run-tasks --resume ${run} continues it)`;
}

interface Left {
  /** The number of the request. */
  readonly id: number;
  /** Undefined when there was none in time: the request then stays in the ledger. */
  readonly answer: Answer | undefined;
  /** Why nobody will answer; undefined when an answer may still come. */
  readonly reason: string | undefined;
}

/**
 * Leaves a request in the ledger, and waits for the answer, the timeout, the signal, or the death of the process in charge.
 *
 * @throws Failure
 */
export async function leaveRequest(
  ledger: Ledger,
  request: Omit<Request, 'id'>,
  { name, runner, waitMs, signal, now }: Asking & { readonly runner: string | undefined },
): Promise<Left> {
  const id = await ledger.write((file) => addRequest(file, request, now));
  const begun = elapsedMs();
  for (;;) {
    // Checked before the answer is read: the answer may be the last thing a process does.
    const reason = await whyUnanswered(name, request, runner);
    const answer = await ledger.read((file) => readAnswer(file, id));
    const isOver = reason !== undefined || signal.aborted || elapsedMs() - begun > waitMs;
    if (answer !== undefined || isOver) return { id, answer, reason };
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

/** Withdraws a request, so that a later schedule does not carry it out. @returns the outcome, in words @throws Failure */
export async function takeBack(ledger: Ledger, id: number): Promise<string> {
  const isUndone = await ledger.write((file) => withdrawRequest(file, id));
  return isUndone ? 'nothing was done' : 'it may still do what was asked';
}
