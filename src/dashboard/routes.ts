/** The paths of the server, and what answers them. */

import { formatTime } from '../readings/time.ts';
import type { Series, StoreReader } from '../stores/reader.ts';
import type { EventStream } from './event-stream.ts';
import { listedIn, typeAndParameters } from './header-values.ts';
import type { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { answerFile, type PageFile } from './page-files.ts';
import type { Posts } from './posts.ts';
import { busy } from './request-body.ts';
import { jsonResponse, streamResponse } from './responses.ts';
import { seriesJson } from './row-json.ts';
import { parseQuery, refuseOthers } from './stats-query.ts';
import { rowsCsv, rowsJson } from './stats-response.ts';

/** Hardly less than a chart is wide. */
const USUAL_POINTS = 1000;

/** A request that has come past the checks. */
interface RoutedRequest {
  readonly request: Request;
  readonly parameters: URLSearchParams;
  /** Breaks the connection. */
  drop(): void;
}

type Route = (request: RoutedRequest) => Response | Promise<Response>;

/** The methods of a path; HEAD is like GET. */
export type Methods = Readonly<Partial<Record<'GET' | 'POST', Route>>>;

/** What the routes answer from. */
export interface RouteParts {
  readonly reader: StoreReader;
  /** The series without rows that are too far ahead. */
  series(): Promise<Series[]>;
  readonly posts: Posts;
  readonly events: EventStream;
  readonly metrics: Metrics;
  readonly page: ReadonlyMap<string, PageFile>;
  readonly version: string;
  now(): number;
  /** Called with an error after the beginning of an answer. */
  failed(error: unknown): void;
}

/** All routes by their paths. */
export function createRoutes(parts: RouteParts): ReadonlyMap<string, Methods> {
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
    '/api/openapi.json': { GET: plain(() => jsonResponse(openApi(parts.version))) },
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

/** A route without parameters. */
function plain(answer: () => Response | Promise<Response>): Route {
  return ({ parameters }) => {
    refuseOthers(parameters, nothing);
    return answer();
  };
}

async function answerSeries({ series, now }: RouteParts): Promise<Response> {
  const all = await series();
  return jsonResponse(`{"now":"${formatTime(now())}","series":[${all.map(seriesJson).join(',')}]}`);
}

/** A chart needs as many points as it can show, a program all rows. */
async function answerRows(
  { reader, series, failed }: RouteParts,
  { parameters, drop }: RoutedRequest,
  asCsv: boolean,
): Promise<Response> {
  const query = parseQuery(parameters, asCsv ? 'all' : USUAL_POINTS);
  // A copy has all rows, a chart those that do not stretch it.
  const pieces = asCsv
    ? rowsCsv(reader, await reader.series(), query)
    : rowsJson(reader, await series(), query);
  const headers = asCsv
    ? { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'inline; filename="stats.csv"' }
    : { 'content-type': 'application/json' };
  return streamResponse(pieces, { vary: 'accept', ...headers }, (error) => {
    failed(error);
    drop();
  });
}

function wantsCsv({ headers }: Request): boolean {
  return listedIn(headers.get('accept')).some((item) => typeAndParameters(item).type === 'text/csv');
}

async function answerHealth({ reader, failed }: RouteParts): Promise<Response> {
  try {
    await reader.series();
  } catch (error) {
    failed(error);
    throw busy('the store cannot be read');
  }
  return jsonResponse('{"status":"ok"}');
}

async function answerMetrics({ series, metrics, events, now }: RouteParts): Promise<Response> {
  const all: readonly Series[] = await series();
  const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(metrics.format(all, events.listeners, now()), { headers });
}
