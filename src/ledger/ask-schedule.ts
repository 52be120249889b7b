/** Asks the schedule that runs, or a run-tasks about a run that it does, through the ledger, and waits for the answer. */

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

/** @returns what it answers @throws Failure (temporary) when there is none, or it does not answer; that of its answer */
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
 * Why nobody would answer; undefined when somebody lives that is asked.
 *
 * @param name the path of the ledger @param runner of `readAnswerer` @throws Failure (I/O)
 */
export async function whyUnanswered(
  name: string,
  { run }: Pick<Request, 'run'>,
  runner: string | undefined,
): Promise<string | undefined> {
  if (runner === undefined)
    return (await isScheduleLive(name)) ? undefined : 'no schedule runs with this ledger';
  if (await isRunnerLive(runner)) return undefined;
  return `run ${run} is lost: its run-tasks was killed (run-tasks --resume ${run} goes on with it)`;
}

interface Left {
  /** The number of the request. */
  readonly id: number;
  /** Undefined when there is none: then the request stays. */
  readonly answer: Answer | undefined;
  /** Why there will be none; undefined when it may still come. */
  readonly reason: string | undefined;
}

/**
 * Leaves a request in the ledger, and waits until it is answered, the time is over, or nobody is there to answer it.
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
    // Before the answer, which may be the last thing that is done.
    const reason = await whyUnanswered(name, request, runner);
    const answer = await ledger.read((file) => readAnswer(file, id));
    const isOver = reason !== undefined || signal.aborted || elapsedMs() - begun > waitMs;
    if (answer !== undefined || isOver) return { id, answer, reason };
    await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

/** Takes a request back, which a schedule that comes later would do. @returns what that comes to, in words @throws Failure */
export async function takeBack(ledger: Ledger, id: number): Promise<string> {
  const isUndone = await ledger.write((file) => withdrawRequest(file, id));
  return isUndone ? 'nothing is done' : 'it may do what was asked';
}
