/** The log of a try: a part of it, or events while it is written. Its path comes from the ledger, never from the request. */

import { Failure, status } from '../../failure.ts';
import { followLog } from '../../ledger/follow-log.ts';
import { logFolderOf, logPath } from '../../ledger/log-path.ts';
import { readTry } from '../../ledger/read-tasks.ts';
import { runOf } from '../../ledger/rows.ts';
import { quote } from '../../lines/line.ts';
import { wantsEvents } from '../header-values.ts';
import type { LogEvent } from '../page/runs/runs-json.ts';
import { HttpError } from '../responses.ts';
import type { RoutedRequest } from '../route.ts';
import type { Shares } from '../shares.ts';
import { streamEvents } from './event-response.ts';
import type { LedgerVersion } from './ledger-version.ts';
import { readLogPart, textOf } from './log-text.ts';
import { type LogQuery, parseLogQuery, parseRun } from './runs-query.ts';
import type { ServedLedger } from './served-ledger.ts';

interface LogParts {
  readonly ledger: ServedLedger;
  readonly version: LedgerVersion;
  /** Open streams of events of all kinds. */
  readonly listeners: Shares;
  /** Aborted to end all streams. */
  readonly signal: AbortSignal;
  /** Called with an error after an answer has begun. */
  failed(error: unknown): void;
}

/** The log of one try. */
interface FoundLog {
  readonly path: string;
  /** The folder of all logs. */
  readonly folder: string;
  /** Whether the try was running when it was looked up. */
  readonly isRunning: boolean;
  /** Whether it has ended by now. */
  hasEnded(): Promise<boolean>;
}

/** @throws HttpError, Failure */
export async function answerLog(parts: LogParts, asked: RoutedRequest): Promise<Response> {
  const { request, parameters } = asked;
  const isFollowed = wantsEvents(request.headers);
  const query = parseLogQuery(parameters, isFollowed);
  const log = await findLog(parts, parseRun(asked.parts.run), query);
  return isFollowed ? followed(parts, asked, log, query) : partOf(log, query);
}

async function findLog({ ledger, version }: LogParts, number: number, query: LogQuery): Promise<FoundLog> {
  const { reader, path } = ledger;
  const { run, one } =
    (await reader.read((file) => ({
      run: runOf(file, number),
      one: readTry(file, { run: number, ...query }),
    }))) ?? {};
  if (run === undefined) throw new HttpError(404, `no such run: ${number}`);
  if (one === undefined) throw new HttpError(404, missing(number, query));
  const { task } = one;
  const folder = logFolderOf(path);
  let seen: { readonly version: string | undefined; readonly hasEnded: boolean } | undefined;
  return {
    ...{ folder, path: logPath(folder, run, task, one.number) },
    isRunning: one.state === 'running',
    hasEnded: async () => {
      // Each listener polls several times a second.
      const current = version.now();
      if (seen?.version !== undefined && seen.version === current) return seen.hasEnded;
      const now = await reader.read((file) => readTry(file, { run: number, task, number: one.number }));
      seen = { version: current, hasEnded: now?.state !== 'running' };
      return seen.hasEnded;
    },
  };
}

function missing(run: number, { task, number }: LogQuery): string {
  const what = [task === undefined ? [] : `task ${quote(task)}`, number === undefined ? [] : `try ${number}`];
  return `run ${run} has no ${what.flat().join(', ') || 'try'}`;
}

function partOf({ path, folder, isRunning }: FoundLog, { offset, limit }: LogQuery): Response {
  const part = orNotFound(() => readLogPart(path, { folder, offset, limit, isComplete: !isRunning }));
  return new Response(new Uint8Array(part.bytes), {
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      vary: 'accept',
      'x-log-size': String(part.size),
      'x-log-offset': String(part.offset),
      'x-log-ended': String(!isRunning),
    },
  });
}

/** Turns the failure of a missing log into a 404. @throws HttpError (404), Failure */
function orNotFound<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!isNoLog(error)) throw error;
    throw new HttpError(404, 'no such log: it was pruned, or has not begun');
  }
}

function isNoLog(error: unknown): boolean {
  return error instanceof Failure && error.status === status.noInput;
}

function followed(parts: LogParts, asked: RoutedRequest, log: FoundLog, query: LogQuery): Response {
  const from = resumedAt(asked.request) ?? beginOf(log, query);
  return streamEvents((signal) => logEvents(log, from, signal), { ...parts, ...asked });
}

/** The offset after what a listener has seen. */
function resumedAt({ headers }: Request): number | undefined {
  const id = headers.get('last-event-id');
  return id !== null && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}

/** The offset of the first event. @throws HttpError (404) for a log that is missing, and will not be created */
function beginOf({ path, folder, isRunning }: FoundLog, { offset }: LogQuery): number {
  const isComplete = !isRunning;
  if (isRunning && offset >= 0) return offset;
  try {
    return orNotFound(() => readLogPart(path, { folder, offset, limit: 4, isComplete })).offset;
  } catch (error) {
    if (isRunning && error instanceof HttpError) return 0;
    throw error;
  }
}

async function* logEvents(
  { path, folder, hasEnded }: FoundLog,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let end = from;
  try {
    for await (const { text, offset, next } of textOf(
      followLog(path, { folder, from, isComplete: hasEnded, signal }),
    )) {
      end = next;
      const data: LogEvent = { offset, text };
      yield `event: log\nid: ${next}\ndata: ${JSON.stringify(data)}\n\n`;
    }
  } catch (error) {
    // The try has ended without a log.
    if (!isNoLog(error)) throw error;
  }
  if (!signal.aborted) yield `event: end\nid: ${end}\ndata: {}\n\n`;
}
