/** Changes that people make. Pausing and resuming a job only needs the ledger; everything else needs a running schedule. */

import { version } from '../databases/sqlite-files.ts';
import { Failure, status } from '../failure.ts';
import { resolveTarget } from '../files/resolve-target.ts';
import { askSchedule, leaveRequest, takeBack } from './ask-schedule.ts';
import { pauseJob } from './jobs.ts';
import { Ledger } from './ledger.ts';
import { type Answer, addDone, type Request, readAnswerer } from './requests.ts';

export type Change = {
  /** The time for which the job is to run. */
  readonly at: number | undefined;
  readonly env: Readonly<Record<string, string>>;
} & (
  | { readonly verb: 'pause' | 'resume' | 'run'; readonly job: string }
  | {
      readonly verb: 'retry';
      readonly run: number;
      /** The task to repeat, with all downstream tasks; undefined for the failed tasks. */
      readonly task: string | undefined;
    }
  | { readonly verb: 'stop'; readonly run: number }
);

interface Where {
  /** The path of the ledger. */
  readonly name: string;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Who asks. */
  readonly who: string;
  now(): number;
}

/** @returns what to print: the number of the run, if one was started @throws Failure */
export function changeSchedule(change: Change, where: Where): Promise<string> {
  const { name, waitMs, signal, now } = where;
  return withLedger(where, async (ledger) => {
    const request = requestOf(change, where.who);
    if (!isPause(request)) {
      const answer = await askSchedule(ledger, request, { name, waitMs, signal, now: now() });
      return answer === '' ? '' : `${answer}\n`;
    }
    const { status: code, text } = await pause(ledger, request, now());
    if (code === status.ok) return text;
    throw new Failure(code, text);
  });
}

/**
 * As `changeSchedule`, for a caller who cannot wait for long, and reports failures as answers.
 *
 * @returns the answer, which also says that no schedule runs; undefined on timeout: the request may then be carried out
 * later @throws Failure
 */
export function requestChange(change: Change, where: Where): Promise<Answer | undefined> {
  return withLedger(where, async (ledger) => {
    const request = requestOf(change, where.who);
    const now = where.now();
    if (isPause(request)) return pause(ledger, request, now);
    const runner = await ledger.read((file) => readAnswerer(file, request.run));
    const { id, answer, reason } = await leaveRequest(ledger, request, { ...where, runner, now });
    if (answer !== undefined || reason === undefined) return answer;
    return { status: status.temporary, text: `${reason}: ${await takeBack(ledger, id)}` };
  });
}

/** Runs `work` on an existing ledger. @throws Failure (no input) when there is none */
async function withLedger<Result>(where: Where, work: (ledger: Ledger) => Promise<Result>): Promise<Result> {
  const { name, signal } = where;
  if (version(name) === '') throw new Failure(status.noInput, `${name}: no such ledger`);
  resolveTarget(name);
  const ledger = await Ledger.open(name, where);
  try {
    return await work(ledger);
  } finally {
    await ledger.close(signal.aborted);
  }
}

function isPause({ verb }: Omit<Request, 'id'>): boolean {
  return verb === 'pause' || verb === 'resume';
}

/** Pauses or resumes a job. @throws Failure */
async function pause(ledger: Ledger, request: Omit<Request, 'id'>, now: number): Promise<Answer> {
  const { job = '', verb } = request;
  const isDone = await ledger.write((file) => {
    const isKnown = pauseJob(file, job, verb === 'pause' ? now : undefined);
    if (isKnown) addDone(file, request, now);
    return isKnown;
  });
  return isDone ? { status: status.ok, text: '' } : { status: status.noInput, text: `no such job: ${job}` };
}

function requestOf(change: Change, who: string): Omit<Request, 'id'> {
  const { verb, at, env } = change;
  const [job, run] = 'job' in change ? [change.job, undefined] : [undefined, change.run];
  return { verb, job, run, task: change.verb === 'retry' ? change.task : undefined, at, env, who };
}
