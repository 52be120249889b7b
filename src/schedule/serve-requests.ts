/** Serves requests from people: a schedule runs or pauses jobs, retries or stops runs; a run-tasks stops its runs. */

import { Failure, status } from '../failure.ts';
import { answerRequests } from '../ledger/answer-requests.ts';
import { pauseJob } from '../ledger/jobs.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isUnfinished } from '../ledger/read-runs.ts';
import type { Run } from '../ledger/records.ts';
import type { Answer, Request } from '../ledger/requests.ts';
import { intervalAt } from './due/data-interval.ts';
import { retryGraph } from './graph/retry-graph.ts';
import { isOfNow } from './is-of-now.ts';
import type { Scheduler } from './scheduler.ts';

interface Desk {
  readonly ledger: Ledger;
  readonly scheduler: Scheduler;
  now(): number;
}

/** What it takes to stop a run. */
interface StopDesk {
  readonly ledger: Ledger;
  /** Stops a run, or takes it off the queue. @returns what it was doing; undefined for an unknown run */
  stop(run: Run): 'running' | 'waiting' | undefined;
}

/** Answers all new requests to the schedule. @throws Failure when the ledger cannot be written */
export function serveRequests(desk: Desk): Promise<void> {
  const answerTo = (request: Request) => ANSWERS[request.verb](request, desk);
  return answerRequests(desk.ledger, { runner: undefined, answerTo });
}

/** Like `serveRequests`, for the run-tasks with this lock: it can only stop its own runs. */
export function serveRequestsOf(runner: string, desk: StopDesk): Promise<void> {
  const answerTo = (request: Request) =>
    request.verb === 'stop' ? stopRun(request, desk) : refuseUnfinished(request, desk);
  return answerRequests(desk.ledger, { runner, answerTo });
}

const ANSWERS: Readonly<Record<Request['verb'], (request: Request, desk: Desk) => Promise<Answer>>> = {
  ...{ run: runNow, retry: retryRun },
  stop: (request, { ledger, scheduler }) =>
    stopRun(request, { ledger, stop: ({ job, run }) => scheduler.stop(job, run) }),
  pause: (request, desk) => pause(request, desk.now(), desk),
  resume: (request, desk) => pause(request, undefined, desk),
};

/** @param since undefined to resume */
async function pause({ job = '' }: Request, since: number | undefined, { ledger }: Desk): Promise<Answer> {
  const isKnown = await ledger.write((file) => pauseJob(file, job, since));
  return isKnown ? { status: status.ok, text: '' } : missing(`no such job: ${job}`);
}

async function runNow(
  { job: name = '', at, env }: Request,
  { ledger, scheduler, now }: Desk,
): Promise<Answer> {
  const job = scheduler.jobs.get(name);
  if (job === undefined) return missing(`no such job: ${name}`);
  const unknown = Object.keys(env).find(
    (one) => job.graph !== undefined && !Object.hasOwn(job.graph.env, one),
  );
  if (unknown !== undefined) return refusal(`${name}: env declares no ${unknown}`);
  const scheduled = at ?? now();
  const [run] = await ledger.add([
    {
      ...{ job: name, trigger: 'manual', scheduled, repeat: undefined, env, isOfNow: at === undefined },
      ...{ ...intervalAt(job.when, scheduled), state: 'queued' },
    },
  ]);
  if (run === undefined) return refusal(`${name}: the run was not recorded`);
  scheduler.take(run, job);
  return { status: status.ok, text: String(run.run) };
}

async function retryRun({ run: number, task }: Request, { ledger, scheduler, now }: Desk): Promise<Answer> {
  const run = number === undefined ? undefined : await ledger.run(number);
  if (run === undefined) return missing(`no such run: ${number}`);
  const job = scheduler.jobs.get(run.job);
  if (job === undefined) return missing(`no such job: ${run.job}`);
  if (isUnfinished(run)) return refusal(`run ${number} is ${run.state}`);
  const isStillOfNow = isOfNow(run, job, now());
  if (run.graph !== undefined) {
    const retried = await retryGraph(run, job, { ledger, task, isOfNow: isStillOfNow });
    if (retried instanceof Failure) return { status: retried.status, text: retried.message };
    scheduler.take(retried.run, retried.job, retried.left);
  } else if (task !== undefined) return refusal(`run ${number} has no tasks`);
  else scheduler.take(await ledger.retry(run.run, isStillOfNow), job);
  return { status: status.ok, text: String(run.run) };
}

/** Refuses any other request to a run-tasks. */
async function refuseUnfinished({ run: number }: Request, { ledger }: StopDesk): Promise<Answer> {
  const run = number === undefined ? undefined : await ledger.run(number);
  return run === undefined
    ? missing(`no such run: ${number}`)
    : refusal(`run ${number} is ${run.state}: run-tasks executes it, and can only stop it`);
}

async function stopRun({ run: number }: Request, { ledger, stop }: StopDesk): Promise<Answer> {
  const run = number === undefined ? undefined : await ledger.run(number);
  if (run === undefined) return missing(`no such run: ${number}`);
  if (!isUnfinished(run)) return refusal(`run ${number} has ended: ${run.state}`);
  const found = stop(run);
  if (found === 'waiting') ledger.changeRun(run.run, { state: 'skipped', reason: 'stopped' });
  return found === undefined
    ? refusal(`run ${number} is not in progress`)
    : { status: status.ok, text: String(run.run) };
}

function refusal(text: string): Answer {
  return { status: status.unavailable, text };
}

function missing(text: string): Answer {
  return { status: status.noInput, text };
}
