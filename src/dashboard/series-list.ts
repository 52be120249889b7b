/** The list of series as JSON, a page at a time. */

import type { ListSeries, Series, SeriesKey } from '../stores/reader.ts';
import { HttpError } from './responses.ts';
import { single } from './stats-query.ts';

const MAX_SERIES = 1000;
/** A page also ends at this length: a row may be long. */
const MAX_CHARACTERS = 1 << 20;

/** Which series are asked for. */
interface SeriesQuery {
  /** Those after this one; undefined for all. */
  readonly after: SeriesKey | undefined;
  readonly limit: number;
}

/** The parameters of a series query. */
export const seriesParameters: ReadonlySet<string> = new Set(['after', 'limit']);

/** @throws HttpError (400) */
export function parseSeriesQuery(parameters: URLSearchParams): SeriesQuery {
  const limit = single(parameters, 'limit') ?? String(MAX_SERIES);
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > MAX_SERIES)
    throw new HttpError(400, `limit is not a whole number from 1 to ${MAX_SERIES}`);
  const after = single(parameters, 'after');
  return { after: after === undefined ? undefined : parseKey(after), limit: Number(limit) };
}

/** Describes a series as JSON. */
export type Describe = (series: Series) => string;

/**
 * The members of a page of the list, as JSON without braces: `"series":[...]`, and if there are more, `"next":"..."`, the `after`
 * of the next page. @throws Failure as the reader does
 */
export async function seriesListJson(
  list: ListSeries,
  describe: Describe,
  { after, limit }: SeriesQuery = { after: undefined, limit: MAX_SERIES },
): Promise<string> {
  const found: string[] = [];
  let length = 0;
  let last = after;
  for await (const page of list({ after }))
    for (const series of page) {
      const json = describe(series);
      length += json.length;
      if (found.length === limit || (length > MAX_CHARACTERS && found.length > 0))
        return `"series":[${found.join(',')}],"next":${JSON.stringify(keyText(last))}`;
      found.push(json);
      last = series;
    }
  return `"series":[${found.join(',')}]`;
}

function keyText(key: SeriesKey | undefined): string {
  return JSON.stringify([key?.sensor ?? '', key?.window ?? '']);
}

function parseKey(text: string): SeriesKey {
  try {
    const key: unknown = JSON.parse(text);
    const [sensor, window] = Array.isArray(key) ? key : [];
    if (typeof sensor === 'string' && typeof window === 'string') return { sensor, window };
  } catch {
    // Not JSON, and so not a key.
  }
  throw new HttpError(400, 'after is not the next of a list');
}
