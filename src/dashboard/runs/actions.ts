/**
 * Actions on the page of runs. The running schedule, or the run-tasks that executes the run, carries them out and answers; the
 * ledger records who asked for what, and when. What a job does cannot be changed from here.
 */

import { status } from '../../failure.ts';
import { whyUnanswered } from '../../ledger/ask-schedule.ts';
import { type Change, requestChange } from '../../ledger/change-schedule.ts';
import { readJobs } from '../../ledger/jobs.ts';
import { readTask } from '../../ledger/read-tasks.ts';
import type { KnownJob } from '../../ledger/records.ts';
import { readAnswerer } from '../../ledger/requests.ts';
import { runOf } from '../../ledger/rows.ts';
import { quote } from '../../lines/line.ts';
import type { ActionJson } from '../page/runs/runs-json.ts';
import { BodyReader } from '../request-body.ts';
import { HttpError, jsonResponse } from '../responses.ts';
import { type Methods, plain, type RoutedRequest } from '../route.ts';
import { MAX_BODY, readAction, taskIn, timeIn, variablesIn } from './action-body.ts';
import { parseRun } from './runs-query.ts';
import type { ServedLedger } from './served-ledger.ts';

/** How long to wait for an answer. */
const ANSWER_MS = 10_000;

interface ActionParts {
  readonly ledger: ServedLedger;
  /** Aborted to end what waits. */
  readonly signal: AbortSignal;
  now(): number;
}

/** What to ask for, and the message when it is done. */
interface Action {
  readonly change: Change;
  readonly done: string;
}

/** The routes by their paths. */
export function createActions(parts: ActionParts): Readonly<Record<string, Methods>> {
  const bodies = new BodyReader(MAX_BODY);
  const post = (read: (asked: RoutedRequest, parts: ActionParts) => Promise<Action>): Methods => ({
    POST: plain(async (asked) => answer(await read(asked, parts), asked, parts)),
  });
  const pausing = (verb: 'pause' | 'resume', done: string) =>
    post(async (asked) => {
      await readAction(bodies, asked, []);
      const { name } = await jobOf(asked, parts.ledger);
      return { change: { verb, job: name, at: undefined, env: {} }, done };
    });
  return {
    '/api/jobs/{job}/run': post((asked) => runNow(asked, bodies, parts)),
    '/api/jobs/{job}/pause': pausing('pause', 'paused'),
    '/api/jobs/{job}/resume': pausing('resume', 'resumed'),
    '/api/runs/{run}/stop': post(async (asked) => {
      await readAction(bodies, asked, []);
      const run = await mustBeRun(asked, parts.ledger, undefined);
      return { change: { verb: 'stop', run, at: undefined, env: {} }, done: 'stopping' };
    }),
    '/api/runs/{run}/retry': post(async (asked) => {
      const task = taskIn(await readAction(bodies, asked, ['task']));
      const run = await mustBeRun(asked, parts.ledger, task);
      return { change: { verb: 'retry', run, task, at: undefined, env: {} }, done: 'queued again' };
    }),
  };
}

async function runNow(asked: RoutedRequest, bodies: BodyReader, { ledger }: ActionParts): Promise<Action> {
  const members = await readAction(bodies, asked, ['at', 'env']);
  const { name, about } = await jobOf(asked, ledger);
  const [at, env] = [timeIn(members), variablesIn(members, about?.env ?? {})];
  return { change: { verb: 'run', job: name, at, env }, done: 'queued' };
}

/** @throws HttpError (404) */
async function jobOf({ parts }: RoutedRequest, { reader }: ServedLedger): Promise<KnownJob> {
  const { job: name = '' } = parts;
  const known = (await reader.read(readJobs)) ?? [];
  const job = known.find((one) => one.name === name && one.gone === undefined);
  if (job === undefined) throw new HttpError(404, `no such job: ${quote(name)}`);
  return job;
}

/** @throws HttpError (404) when there is no such run, or it has no such task */
async function mustBeRun(
  { parts }: RoutedRequest,
  { reader }: ServedLedger,
  task: string | undefined,
): Promise<number> {
  const number = parseRun(parts.run);
  const found = await reader.read((file) => ({
    run: runOf(file, number),
    task: task === undefined ? undefined : readTask(file, number, task),
  }));
  if (found?.run === undefined) throw new HttpError(404, `no such run: ${number}`);
  if (task !== undefined && found.task === undefined)
    throw new HttpError(404, `run ${number} has no task ${quote(task)}`);
  return number;
}

/** @throws HttpError (404, 409), Failure */
async function answer(
  { change, done }: Action,
  { address: who }: RoutedRequest,
  { ledger, signal, now }: ActionParts,
): Promise<Response> {
  const asked = { run: 'run' in change ? change.run : undefined };
  const runner = await ledger.reader.read((file) => readAnswerer(file, asked.run));
  const reason = await whyUnanswered(ledger.path, asked, runner);
  if (reason !== undefined) throw new HttpError(409, reason);
  const answered = await requestChange(change, {
    ...{ name: ledger.path, waitMs: ANSWER_MS, signal, who, now },
  });
  if (answered === undefined)
    return accepted(
      undefined,
      change,
      `asked: ${runner === undefined ? 'the schedule' : 'run-tasks'} has not answered yet`,
    );
  if (answered.status === status.noInput) throw new HttpError(404, answered.text);
  if (answered.status !== status.ok) throw new HttpError(409, answered.text);
  return accepted(answered.text, change, done);
}

/** @param text the schedule's answer: the number of a run, if it is about one */
function accepted(text: string | undefined, change: Change, message: string): Response {
  const run = text ? Number(text) : 'run' in change ? change.run : null;
  const json: ActionJson = { run, message };
  return jsonResponse(JSON.stringify(json), 202);
}
