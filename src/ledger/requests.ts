/** Requests of people to the running schedule, or to the run-tasks that executes a run; and the answers. */

import type { LedgerFile } from './ledger-file.ts';
import { envOf, envToSql, fromSql, type SqlRow, timeOf, UNFINISHED } from './rows.ts';

export interface Request {
  readonly id: number;
  readonly verb: 'run' | 'retry' | 'stop' | 'pause' | 'resume';
  /** With `run`, `pause` and `resume`. */
  readonly job: string | undefined;
  /** With `retry` and `stop`. */
  readonly run: number | undefined;
  /** With `retry` of a graph: the task to repeat, with all downstream tasks; undefined for the failed tasks. */
  readonly task: string | undefined;
  /** The time that a run is for; undefined for now. */
  readonly at: number | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Who asks: a user of this machine, or the address of a browser. */
  readonly who: string | undefined;
}

export interface Answer {
  /** An exit status. */
  readonly status: number;
  readonly text: string;
}

/** SQL for who must answer a request: the lock of the run-tasks that executes its run; NULL for the schedule. */
const ANSWERER = `(SELECT runner FROM run WHERE run.run = request.run AND ${UNFINISHED})`;

/** @param runner the lock of a run-tasks; undefined for the schedule */
export function hasRequests({ sql }: LedgerFile, runner: string | undefined): boolean {
  const { found } = sql(
    `SELECT EXISTS (SELECT 1 FROM request WHERE taken IS NULL AND ${ANSWERER} IS ?) AS found`,
  ).get(runner ?? null);
  return found === 1;
}

/** Takes all new requests, in order, so that each is answered once. @param runner as for `hasRequests` */
export function takeRequests({ sql }: LedgerFile, runner: string | undefined, now: number): Request[] {
  const rows = sql(
    `UPDATE request SET taken = ? WHERE taken IS NULL AND ${ANSWERER} IS ?
     RETURNING id, verb, job, run, task, at, env, who`,
  ).all(now, runner ?? null);
  return rows.map(toRequest).sort((a, b) => a.id - b.id);
}

function toRequest({ env, ...row }: SqlRow): Request {
  return {
    ...fromSql<Request>(row),
    at: typeof row.at === 'number' ? timeOf(row.at) : undefined,
    env: envOf(env),
  };
}

export function answerRequest({ sql }: LedgerFile, id: number, { status, text }: Answer): void {
  sql('UPDATE request SET status = ?, answer = ? WHERE id = ?').run(status, text, id);
}

/** Who would answer a request about a run: the lock of the run-tasks that executes it; undefined for the schedule. */
export function readAnswerer({ sql }: LedgerFile, run: number | undefined): string | undefined {
  const row = sql(`SELECT runner FROM run WHERE run = ? AND ${UNFINISHED}`).get(run ?? null);
  return row?.runner ?? undefined;
}

/** @returns its id */
export function addRequest({ sql }: LedgerFile, request: Omit<Request, 'id'>, now: number): number {
  const { verb, job = null, run = null, task = null, at = null, env, who = null } = request;
  const values = [now, verb, job, run, task, at, envToSql(env), who];
  return sql(
    'INSERT INTO request (time, verb, job, run, task, at, env, who) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id',
  ).get(...values).id;
}

export function readAnswer({ sql }: LedgerFile, id: number): Answer | undefined {
  const row = sql('SELECT status, answer FROM request WHERE id = ?').get(id);
  return row === undefined || row.status === null ? undefined : { status: row.status, text: row.answer };
}

/** Records a request that was carried out without the schedule. */
export function addDone(file: LedgerFile, request: Omit<Request, 'id'>, now: number): void {
  const id = addRequest(file, request, now);
  file.sql('UPDATE request SET taken = ?, status = 0 WHERE id = ?').run(now, id);
}

/** Withdraws a request. @returns false when it has been taken already, and stays */
export function withdrawRequest({ sql }: LedgerFile, id: number): boolean {
  return Number(sql('DELETE FROM request WHERE id = ? AND taken IS NULL').run(id).changes) > 0;
}
