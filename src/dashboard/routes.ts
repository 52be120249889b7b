/** What is asked where, and what answers it. */

import { formatTime } from '../readings/time.ts';
import type { Series, StoreReader } from '../stores/reader.ts';
import type { Events } from './event-stream.ts';
import type { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { answerFile, type PageFile } from './page-files.ts';
import type { Posts } from './posts.ts';
import { busy } from './request-body.ts';
import { json, streamed } from './responses.ts';
import { seriesJson } from './row-json.ts';
import { parseQuery, refuseOthers } from './stats-query.ts';
import { rowsCsv, rowsJson } from './stats-response.ts';

/** A chart is not much wider. */
const USUAL_POINTS = 1000;

export interface Asked {
  readonly request: Request;
  readonly parameters: URLSearchParams;
  /** Breaks the connection. */
  drop(): void;
}

export type Answer = (asked: Asked) => Response | Promise<Response>;

/** What a path answers to; HEAD is like GET. */
export type Methods = Readonly<Partial<Record<'GET' | 'POST', Answer>>>;

export interface Parts {
  readonly reader: StoreReader;
  readonly posts: Posts;
  readonly events: Events;
  readonly metrics: Metrics;
  readonly page: ReadonlyMap<string, PageFile>;
  readonly version: string;
  now(): number;
  /** Hears of an error after the beginning of an answer. */
  failed(error: unknown): void;
}

/** By path. */
export function createRoutes(parts: Parts): ReadonlyMap<string, Methods> {
  const { posts, events, page } = parts;
  const api: Record<string, Methods> = {
    '/api/sensors': { GET: plain(() => answerSeries(parts)) },
    '/api/stats': {
      GET: (asked) => answerRows(parts, asked, wantsCsv(asked.request)),
      POST: ({ request, parameters }) => posts.take(request, parameters),
    },
    '/api/stats.csv': { GET: (asked) => answerRows(parts, asked, true) },
    '/api/events': {
      GET: ({ request, drop }) => events.listen(request.headers.get('last-event-id') ?? undefined, drop),
    },
    '/api/openapi.json': { GET: plain(() => json(openApi(parts.version))) },
    '/healthz': { GET: plain(() => answerHealth(parts)) },
    '/metrics': { GET: plain(() => answerMetrics(parts)) },
  };
  const files = [...page].map(([path, file]): [string, Methods] => [
    path,
    { GET: ({ request }) => answerFile(file, request) },
  ]);
  return new Map([...files, ...Object.entries(api)]);
}

const nothing: ReadonlySet<string> = new Set();

/** For what takes no parameters. */
function plain(answer: () => Response | Promise<Response>): Answer {
  return ({ parameters }) => {
    refuseOthers(parameters, nothing);
    return answer();
  };
}

async function answerSeries({ reader, now }: Parts): Promise<Response> {
  const series = await reader.series();
  return json(`{"now":"${formatTime(now())}","series":[${series.map(seriesJson).join(',')}]}`);
}

/** A chart wants as many points as it can show, and a program all rows. */
async function answerRows(
  { reader, failed }: Parts,
  { parameters, drop }: Asked,
  asCsv: boolean,
): Promise<Response> {
  const query = parseQuery(parameters, asCsv ? 'all' : USUAL_POINTS);
  const series = await reader.series();
  const pieces = asCsv ? rowsCsv(reader, series, query) : rowsJson(reader, series, query);
  const headers = asCsv
    ? { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'inline; filename="stats.csv"' }
    : { 'content-type': 'application/json' };
  return streamed(pieces, { vary: 'accept', ...headers }, (error) => {
    failed(error);
    drop();
  });
}

function wantsCsv({ headers }: Request): boolean {
  return /(?:^|,)\s*text\/csv\s*(?:[;,]|$)/i.test(headers.get('accept') ?? '');
}

async function answerHealth({ reader, failed }: Parts): Promise<Response> {
  try {
    await reader.series();
  } catch (error) {
    failed(error);
    throw busy('the store cannot be read');
  }
  return json('{"status":"ok"}');
}

async function answerMetrics({ reader, metrics, events, now }: Parts): Promise<Response> {
  const series: readonly Series[] = await reader.series();
  const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(metrics.format(series, events.listeners, now()), { headers });
}
