/** Query parameters of requests for runs. */

import type { Page, RunSelection } from '../../ledger/newest-runs.ts';
import { STATES, TRIGGERS } from '../../ledger/records.ts';
import { quote } from '../../lines/line.ts';
import { HttpError } from '../responses.ts';
import { refuseOthers, single, time } from '../stats-query.ts';

/** Run numbers and byte offsets have fewer digits. */
const WHOLE = /^\d{1,15}$/;

const jobNames = new Set(['since']);

/** GET /api/jobs. @throws HttpError (400) */
export function parseJobsQuery(parameters: URLSearchParams): { readonly since: number | undefined } {
  refuseOthers(parameters, jobNames);
  return { since: whole(parameters, 'since') };
}

const runNames = new Set(['job', 'state', 'trigger', 'from', 'to', 'before', 'limit']);

/** GET /api/runs. @throws HttpError (400) */
export function parseRunsQuery(parameters: URLSearchParams): RunSelection & Page {
  refuseOthers(parameters, runNames);
  const [from, to] = [time(parameters, 'from'), time(parameters, 'to')];
  if (from !== undefined && to !== undefined && from > to) throw new HttpError(400, 'from is after to');
  return {
    job: single(parameters, 'job'),
    states: words(parameters, 'state', STATES),
    triggers: words(parameters, 'trigger', TRIGGERS),
    from,
    to,
    ...parsePage(parameters, { usual: 100, most: 1000 }),
  };
}

const gridNames = new Set(['job', 'before', 'limit']);

/** GET /api/grid. @throws HttpError (400) */
export function parseGridQuery(parameters: URLSearchParams): Page & { readonly job: string } {
  refuseOthers(parameters, gridNames);
  return { job: needed(parameters, 'job'), ...parsePage(parameters, { usual: 25, most: 100 }) };
}

/** Which items of a task. */
interface ItemsQuery {
  readonly task: string;
  /** After this position; -1 for all. */
  readonly after: number;
  readonly limit: number;
}

const itemNames = new Set(['task', 'after', 'limit']);

/** GET /api/runs/{run}/items. @throws HttpError (400) */
export function parseItemsQuery(parameters: URLSearchParams): ItemsQuery {
  refuseOthers(parameters, itemNames);
  return {
    task: needed(parameters, 'task'),
    after: whole(parameters, 'after') ?? -1,
    limit: limitOf(parameters, { usual: 100, most: 1000 }),
  };
}

/** Which bytes of which try's log; undefined members have defaults. */
export interface LogQuery {
  readonly task: string | undefined;
  /** From 1. */
  readonly number: number | undefined;
  /** In bytes; negative from the end. */
  readonly offset: number;
  /** In bytes. */
  readonly limit: number;
}

const logNames = new Set(['task', 'try', 'offset', 'limit']);
const followNames = new Set(['task', 'try', 'offset']);

/** GET /api/runs/{run}/log. @param isFollowed whether to answer with events @throws HttpError (400) */
export function parseLogQuery(parameters: URLSearchParams, isFollowed: boolean): LogQuery {
  refuseOthers(parameters, isFollowed ? followNames : logNames);
  const offset = single(parameters, 'offset') ?? '0';
  if (!/^-?\d{1,15}$/.test(offset))
    throw new HttpError(400, `offset is not a whole number: ${quote(offset)}`);
  return {
    task: single(parameters, 'task'),
    number: whole(parameters, 'try'),
    offset: Number(offset),
    limit: limitOf(parameters, { usual: 1 << 18, most: 1 << 20 }),
  };
}

/** The number of a run in a path. @throws HttpError (404) also for what is not a number */
export function parseRun(text: string | undefined): number {
  if (text === undefined || !WHOLE.test(text)) throw new HttpError(404, `no such run: ${quote(text ?? '')}`);
  return Number(text);
}

function parsePage(parameters: URLSearchParams, limits: { usual: number; most: number }): Page {
  return { before: whole(parameters, 'before'), limit: limitOf(parameters, limits) };
}

/** @throws HttpError (400) */
function limitOf(
  parameters: URLSearchParams,
  { usual, most }: { readonly usual: number; readonly most: number },
): number {
  const limit = whole(parameters, 'limit') ?? usual;
  if (limit >= 1 && limit <= most) return limit;
  throw new HttpError(400, `limit is not a whole number from 1 to ${most}`);
}

/** A whole number; undefined without it. @throws HttpError (400) */
function whole(parameters: URLSearchParams, name: string): number | undefined {
  const text = single(parameters, name);
  if (text === undefined || WHOLE.test(text)) return text === undefined ? undefined : Number(text);
  throw new HttpError(400, `${name} is not a whole number: ${quote(text)}`);
}

function needed(parameters: URLSearchParams, name: string): string {
  const text = single(parameters, name);
  if (text === undefined) throw new HttpError(400, `${name} is missing`);
  return text;
}

/** The distinct values of a repeatable parameter: the ledger prepares a statement for each number of them. */
function words<Word extends string>(
  parameters: URLSearchParams,
  name: string,
  known: readonly Word[],
): readonly Word[] {
  const given = new Set(parameters.getAll(name));
  return [...given].map((text) => {
    const word = known.find((one) => one === text);
    if (word === undefined)
      throw new HttpError(400, `${name} is not one of ${known.join(', ')}: ${quote(text)}`);
    return word;
  });
}
