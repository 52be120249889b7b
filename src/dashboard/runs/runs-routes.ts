/** The paths of a ledger: its jobs and runs. */

import { Failure, status } from '../../failure.ts';
import { graphOf } from '../../ledger/graphs.ts';
import { findLost, isLost, type Lost, lostTask, lostTryRow, runAsItIs } from '../../ledger/lost.ts';
import { listNewestRuns } from '../../ledger/newest-runs.ts';
import { readItems, readTries } from '../../ledger/read-tasks.ts';
import { runOf } from '../../ledger/rows.ts';
import { isScheduleLive } from '../../ledger/schedule-lock.ts';
import { quote } from '../../lines/line.ts';
import { formatTime } from '../../readings/time.ts';
import type { GridJson, ItemsJson, RunDetailJson, RunsJson } from '../page/runs/runs-json.ts';
import { busy, HttpError, jsonResponse } from '../responses.ts';
import { type Methods, plain, type Route } from '../route.ts';
import type { Shares } from '../shares.ts';
import { createActions } from './actions.ts';
import { readGrid, tasksJson } from './grid-json.ts';
import { LedgerVersion } from './ledger-version.ts';
import { answerLog } from './log-routes.ts';
import { RunChanges } from './run-changes.ts';
import { runJson, taskJson, tryJson } from './run-json.ts';
import { parseGridQuery, parseItemsQuery, parseJobsQuery, parseRun, parseRunsQuery } from './runs-query.ts';
import type { ServedLedger } from './served-ledger.ts';
import { ToldJobs } from './told-jobs.ts';

interface RunParts {
  readonly ledger: ServedLedger;
  /** Open streams of events of all kinds. */
  readonly listeners: Shares;
  /** Aborted to end all streams. */
  readonly signal: AbortSignal;
  now(): number;
  /** Called with a failure of the ledger. */
  failed(error: unknown): void;
}

/** The routes by their paths. */
export function createRunRoutes(parts: RunParts): Readonly<Record<string, Methods>> {
  const changes = new RunChanges(parts);
  const logs = { ...parts, version: new LedgerVersion(parts.ledger.reader) };
  const told = new ToldJobs(parts.ledger, parts.now());
  const get = (answer: Route): Methods => ({ GET: ofLedger(parts, answer) });
  const actions = Object.entries(createActions(parts)).map(([path, { POST }]): [string, Methods] => [
    path,
    POST === undefined ? {} : { POST: ofLedger(parts, POST) },
  ]);
  return {
    ...Object.fromEntries(actions),
    '/api/jobs': get(async ({ parameters }) => jsonResponse(await jobs(parts, told, parameters))),
    '/api/runs': get(async ({ parameters }) => json(await runs(parts, parameters))),
    // Before `/api/runs/{run}`, which would match, too.
    '/api/runs/events': get(plain(({ client, drop }) => changes.listen(client, drop))),
    '/api/runs/{run}': get(plain(async ({ parts: { run } }) => json(await detail(parts, parseRun(run))))),
    '/api/runs/{run}/items': get(async ({ parameters, parts: { run } }) =>
      json(await items(parts, parseRun(run), parameters)),
    ),
    '/api/runs/{run}/log': get((asked) => answerLog(logs, asked)),
    '/api/grid': get(async ({ parameters }) => json(await grid(parts, parameters))),
    '/api/graphs/{hash}': get(plain(async ({ parts: { hash = '' } }) => json(await graph(parts, hash)))),
  };
}

/** Answers do not reveal where the ledger is: that goes to the log. */
function ofLedger({ failed }: RunParts, answer: Route): Route {
  return async (asked) => {
    try {
      return await answer(asked);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failed(error);
      if (error.status === status.temporary) throw busy('the ledger is busy');
      throw new HttpError(500, 'the ledger cannot be read');
    }
  };
}

function json(value: object): Response {
  return jsonResponse(JSON.stringify(value));
}

/** JobsJson, assembled from jobs that are JSON already. */
async function jobs(parts: RunParts, told: ToldJobs, parameters: URLSearchParams): Promise<string> {
  const { since } = parseJobsQuery(parameters);
  const live = await isScheduleLive(parts.ledger.path);
  const lost = await lostIn(parts);
  const { jobs, ...versions } = await told.answer(since, { lost, isLive: live });
  const rest = { now: formatTime(lost.now), live, version: versions.version, since: versions.since ?? null };
  return JSON.stringify(rest).replace(/\}$/, `,"jobs":[${jobs.join(',')}]}`);
}

async function runs({ ledger, now }: RunParts, parameters: URLSearchParams): Promise<RunsJson> {
  const { before, limit, ...selection } = parseRunsQuery(parameters);
  const page = await listNewestRuns(ledger.reader, selection, { before, limit });
  const lost = await lostIn({ ledger, now });
  const shown = page.runs.map((run) => runJson(runAsItIs(run, lost)));
  return { now: formatTime(lost.now), runs: shown, next: page.next ?? null };
}

async function detail({ ledger, now }: RunParts, number: number): Promise<RunDetailJson> {
  const lost = await lostIn({ ledger, now });
  const found = await ledger.reader.read((file) => {
    const run = runOf(file, number);
    if (run === undefined) return undefined;
    const tasks = tasksJson(file, run, lost);
    const tries = readTries(
      file,
      number,
      tasks.map(({ task }) => task),
    );
    const seen = isLost(run, lost) ? tries.map((one) => lostTryRow(one, lost)) : tries;
    const now = formatTime(lost.now);
    return { ...runJson(runAsItIs(run, lost)), now, tasks, attempts: seen.map(tryJson) };
  });
  return found ?? notFound('run', String(number));
}

async function items(parts: RunParts, run: number, parameters: URLSearchParams): Promise<ItemsJson> {
  const query = parseItemsQuery(parameters);
  const lost = await lostIn(parts);
  const found = await parts.ledger.reader.read((file) => {
    const of = runOf(file, run);
    if (of === undefined) return undefined;
    const read = readItems(file, { run, ...query, limit: query.limit + 1 });
    const items = read.slice(0, query.limit);
    const shown = isLost(of, lost) ? items.map((item) => lostTask(item, lost)) : items;
    const next = read.length > shown.length ? (shown.at(-1)?.position ?? null) : null;
    return { items: shown.map((item) => taskJson(item, undefined)), next };
  });
  return found ?? notFound('run', String(run));
}

async function grid({ ledger, now }: RunParts, parameters: URLSearchParams): Promise<GridJson> {
  const query = parseGridQuery(parameters);
  const lost = await lostIn({ ledger, now });
  const found = await ledger.reader.read((file) => readGrid(file, query, lost));
  return found ?? { now: formatTime(now()), tasks: [], runs: [], cells: [], next: null };
}

async function graph({ ledger }: RunParts, hash: string) {
  return (await ledger.reader.read((file) => graphOf(file, hash))) ?? notFound('graph', hash);
}

/** The runs of killed run-tasks, which are shown as they will be recorded. */
function lostIn({ ledger, now }: Pick<RunParts, 'ledger' | 'now'>): Promise<Lost> {
  return findLost((work) => ledger.reader.read(work), now());
}

/** @throws HttpError (404) */
function notFound(what: string, name: string): never {
  throw new HttpError(404, `no such ${what}: ${quote(name)}`);
}
