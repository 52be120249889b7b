/** The paths of the server, and what answers them. */

import { formatTime } from '../readings/time.ts';
import { type ListSeries, type StoreReader, seriesPages } from '../stores/reader.ts';
import type { EventStream } from './event-stream.ts';
import { accepts } from './header-values.ts';
import type { Metrics } from './metrics.ts';
import { openApi } from './openapi/document.ts';
import { answerFile, type PageFile } from './page-files.ts';
import type { Posts } from './posts.ts';
import { busy, HttpError, jsonResponse, streamResponse } from './responses.ts';
import { type Methods, plain, type RoutedRequest } from './route.ts';
import type { UnitOf } from './row-json.ts';
import { createRunRoutes } from './runs/runs-routes.ts';
import type { ServedLedger } from './runs/served-ledger.ts';
import { type Describe, parseSeriesQuery, seriesListJson, seriesParameters } from './series-list.ts';
import type { Shares } from './shares.ts';
import { parseQuery, refuseOthers } from './stats-query.ts';
import { rowsCsv, rowsJson } from './stats-response.ts';

/** Default number of points, about the width of a chart. */
const USUAL_POINTS = 1000;

/** What the routes need. */
export interface RouteParts {
  readonly reader: StoreReader;
  /** The series, without rows too far in the future. */
  readonly series: ListSeries;
  readonly describe: Describe;
  readonly unitOf: UnitOf;
  readonly posts: Posts;
  readonly events: EventStream;
  /** Open streams of events. */
  readonly listeners: Shares;
  /** Aborted to end the streams of a ledger. */
  readonly signal: AbortSignal;
  readonly metrics: Metrics;
  /** The metrics of a ledger; empty without one. */
  ledgerMetrics(): Promise<string>;
  readonly page: ReadonlyMap<string, PageFile>;
  /** The ledger whose runs are shown. */
  readonly ledger: ServedLedger | undefined;
  readonly version: string;
  now(): number;
  /** Called with an error that is not for the client. */
  failed(error: unknown): void;
}

/** All routes by their paths. */
export function createRoutes(parts: RouteParts): ReadonlyMap<string, Methods> {
  const { posts, events, page, ledger } = parts;
  const api: Record<string, Methods> = {
    '/api/sensors': { GET: ({ parameters }) => answerSeries(parts, parameters) },
    '/api/stats': {
      GET: (asked) => answerRows(parts, asked, accepts(asked.request.headers, 'text/csv')),
      POST: ({ request, parameters, client }) => posts.take(request, parameters, client),
    },
    '/api/stats.csv': { GET: (asked) => answerRows(parts, asked, true) },
    '/api/events': {
      GET: ({ request, client, drop }) =>
        events.listen(request.headers.get('last-event-id') ?? undefined, client, drop),
    },
    '/api/openapi.json': { GET: plain(() => jsonResponse(openApi(parts.version, ledger !== undefined))) },
    '/healthz': { GET: plain(() => answerHealth(parts)) },
    '/metrics': { GET: plain((asked) => answerMetrics(parts, asked)) },
  };
  const files = [...page].map(([path, file]): [string, Methods] => [
    path,
    { GET: ({ request }) => answerFile(file, request) },
  ]);
  const runs = ledger === undefined ? {} : createRunRoutes({ ...parts, ledger });
  return new Map([...files, ...Object.entries(api), ...Object.entries(runs)]);
}

async function answerSeries(parts: RouteParts, parameters: URLSearchParams): Promise<Response> {
  const { series, describe, now } = parts;
  refuseOthers(parameters, seriesParameters);
  const list = await seriesListJson(series, describe, parseSeriesQuery(parameters));
  return jsonResponse(`{"now":"${formatTime(now())}",${list}}`);
}

/** By default, as many points as a chart can show in JSON, and all rows in CSV. */
async function answerRows(parts: RouteParts, asked: RoutedRequest, asCsv: boolean): Promise<Response> {
  const { reader } = parts;
  const query = parseQuery(asked.parameters, asCsv ? 'all' : USUAL_POINTS);
  if (query.spreadsheet && !asCsv) throw new HttpError(400, 'spreadsheet is for CSV');
  // CSV is a copy of all rows; a chart leaves out those in the future, which would stretch its axis.
  const pieces = asCsv
    ? rowsCsv(reader, (part) => seriesPages(reader, part), query)
    : rowsJson(reader, parts, query);
  const headers: Record<string, string> = asCsv
    ? { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'inline; filename="stats.csv"' }
    : { 'content-type': 'application/json' };
  return stream(parts, asked, pieces, { vary: 'accept', ...headers });
}

async function answerHealth({ reader, failed }: RouteParts): Promise<Response> {
  try {
    await reader.check();
  } catch (error) {
    failed(error);
    throw busy('the store cannot be read');
  }
  return jsonResponse('{"status":"ok"}');
}

async function answerMetrics(parts: RouteParts, asked: RoutedRequest): Promise<Response> {
  const { metrics, listeners, ledgerMetrics, now } = parts;
  const pieces = async function* () {
    yield* metrics.format(parts, listeners.all, now());
    yield await ledgerMetrics();
  };
  return stream(parts, asked, pieces(), { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
}

function stream(
  { failed }: RouteParts,
  { drop }: RoutedRequest,
  pieces: AsyncGenerator<string>,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  return streamResponse(pieces, headers, (error) => {
    failed(error);
    drop();
  });
}
