/**
 * A server that stores rows: one POST of CSV per batch. They are stored when it responds 204, or with the outcome as
 * JSON, like serve-stats; any other 2xx comes from something else, such as a captive portal.
 *
 * The server refuses all rows with 400, 409 or 422 and `{"error": ...}`, single rows with `rejected` in the response,
 * and with 413 asks for smaller batches. Redirects are not followed.
 */

import { showAddress } from '../addresses/show.ts';
import { elapsedMs } from '../async/clock.ts';
import { retry } from '../async/retry.ts';
import { BadRows, Failure, status } from '../failure.ts';
import type { Answer as HttpAnswer } from '../http/answer.ts';
import {
  type Endpoint,
  NotNow,
  parseEndpoint,
  readBody,
  readFirstLine,
  redact,
  refusal,
  request,
} from '../http/request.ts';
import { quote } from '../lines/line.ts';
import { formatStatsRows, type StatsRow } from '../readings/stats-row.ts';
import {
  nothingDone,
  type OnConflict,
  type Outcome,
  type Refused,
  type Store,
  type StoreSettings,
} from './store.ts';

const NO_CONTENT = 204;
const TOO_LARGE = 413;
const BAD_ROWS = new Set([400, 409, 422]);
/** Enough for a refusal of every row in a large batch. */
const LONGEST_ANSWER = 1 << 26;
/** Minimum pause, even if the server asks for 0 seconds. */
const SHORTEST_PAUSE_MS = 100;

/** A response in JSON. */
type Answer = Readonly<Record<string, unknown>>;

export default function openHttp(address: string, { token, timeoutMs, signal }: StoreSettings): Store {
  const endpoint = parseEndpoint(address, token);
  return {
    async upsert(rows, onConflict) {
      const to = { ...endpoint, url: target(endpoint.url, onConflict) };
      const body = formatStatsRows(rows);
      try {
        return await withRetryAfter(timeoutMs, signal, async (leftMs) => {
          const response = await request(to, {
            method: 'POST',
            headers: { 'content-type': 'text/csv; charset=utf-8' },
            body,
            redirect: 'manual',
            timeoutMs: leftMs,
            signal,
          });
          return judge(to, response, { rows, signal });
        });
      } catch (error) {
        if (!signal.aborted) throw error;
        throw new Failure(status.temporary, `${endpoint.shown}: interrupted`, { cause: error });
      }
    },
    async close() {},
  };
}

/** Retries when the server gives a time within the limit. */
function withRetryAfter<Result>(
  timeoutMs: number,
  signal: AbortSignal,
  ask: (leftMs: number) => Promise<Result>,
): Promise<Result> {
  const end = elapsedMs() + timeoutMs;
  let pauseMs = 0;
  return retry(() => ask(Math.max(1, Math.ceil(end - elapsedMs()))), {
    timeoutMs,
    signal,
    pause: () => pauseMs,
    isTransient(error) {
      if (!(error instanceof NotNow) || error.retryAfterMs === undefined) return false;
      pauseMs = Math.max(SHORTEST_PAUSE_MS, error.retryAfterMs);
      return elapsedMs() + pauseMs < end;
    },
  });
}

function target(url: URL, onConflict: OnConflict): URL {
  const to = new URL(url);
  if (onConflict !== 'more') to.searchParams.set('on-conflict', onConflict);
  return to;
}

interface Posted {
  readonly rows: readonly StatsRow[];
  readonly signal: AbortSignal;
}

/** @returns undefined when the server does not report the outcome @throws BadRows, Failure, NotNow */
async function judge(endpoint: Endpoint, response: HttpAnswer, posted: Posted): Promise<Outcome | undefined> {
  const { status: code } = response;
  if (code === NO_CONTENT) return undefined;
  if (response.ok) return outcomeOf(endpoint, await readAnswer(endpoint, response, posted), posted.rows);
  if (!BAD_ROWS.has(code) || !isJson(response)) {
    const failure = refusal(endpoint, response, await explanation(response));
    throw code === TOO_LARGE ? new BadRows(failure.message) : failure;
  }
  const { error } = await readAnswer(endpoint, response, posted);
  if (typeof error !== 'string') throw refusal(endpoint, response, '');
  // Not split: a server that refuses everything would get one request per row.
  const failure = new BadRows(refusal(endpoint, response, error).message);
  return { ...nothingDone, refused: posted.rows.map((row) => ({ row, failure })) };
}

/** The response of a server that stores rows. @throws Failure (unavailable) for any other server, NotNow */
async function readAnswer(endpoint: Endpoint, response: HttpAnswer, { signal }: Posted): Promise<Answer> {
  if (!isJson(response)) {
    response.discard();
    throw notAStore(endpoint, response);
  }
  const text = await readBody(endpoint, response, { maxBytes: LONGEST_ANSWER, signal });
  const answer = parseObject(text);
  if (answer === undefined) throw notAStore(endpoint, response);
  return answer;
}

function isJson({ headers }: HttpAnswer): boolean {
  return /^application\/json\b/i.test(headers.get('content-type') ?? '');
}

function parseObject(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function notAStore({ shown }: Endpoint, { status: code }: HttpAnswer): Failure {
  const text = `${shown}: HTTP ${code}, but not the answer of a server that stores rows`;
  return new Failure(status.unavailable, text);
}

function outcomeOf(endpoint: Endpoint, answer: Answer, rows: readonly StatsRow[]): Outcome {
  const { inserted, replaced, kept, rejected = [] } = answer;
  if (!isCount(inserted) || !isCount(replaced) || !isCount(kept) || !Array.isArray(rejected))
    throw new Failure(status.unavailable, `${endpoint.shown}: does not say what became of the rows`);
  return {
    inserted,
    replaced,
    kept,
    refused: rejected.length === 0 ? [] : refusedOf(endpoint, rejected, rows),
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number';
}

/** The rejected rows, found by their lines in the body. */
function refusedOf(endpoint: Endpoint, rejected: readonly unknown[], rows: readonly StatsRow[]): Refused[] {
  const byLine = rowsByLine(rows);
  return rejected.map((each) => {
    const { line, error } = Object(each);
    const row = byLine[Number(line)];
    if (row === undefined)
      throw new Failure(status.unavailable, `${endpoint.shown}: rejects a line that was not sent`);
    return { row, failure: new BadRows(`${endpoint.shown}: ${quote(redact(endpoint, String(error)))}`) };
  });
}

/** The row on each line of the CSV. A line break in a name takes another line. */
function rowsByLine(rows: readonly StatsRow[]): (StatsRow | undefined)[] {
  const header = [undefined, undefined];
  return rows.reduce<(StatsRow | undefined)[]>((lines, row) => {
    const texts = [row.sensor, row.window, ...row.extra.values()];
    for (let more = texts.join('').split('\n').length; more > 0; more--) lines.push(row);
    return lines;
  }, header);
}

async function explanation(response: HttpAnswer): Promise<string> {
  const location = response.headers.get('location');
  if (location !== null) {
    response.discard();
    return `see ${showAddress(location)}`;
  }
  const line = await readFirstLine(response);
  const error = isJson(response) ? parseObject(line)?.error : undefined;
  return typeof error === 'string' ? error : line;
}
