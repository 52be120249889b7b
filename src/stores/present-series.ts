/** Lists series without rows too far in the future, which must not count as the newest. */

import { lengthOf } from '../readings/ahead.ts';
import { type Range, type Series, type SeriesPart, type StoreReader, seriesPages } from './reader.ts';

const HOUR = 3_600_000;

/**
 * The wanted series, page by page. A series with rows too far ahead is described by its newest row before them, and
 * omitted without one.
 *
 * @param latest the latest time not too far ahead: epoch milliseconds, or Infinity
 * @param onFuture called once when there are rows too far ahead
 * @throws Failure like the reader
 */
export async function* presentSeries(
  reader: StoreReader,
  latest: number,
  part?: Omit<SeriesPart, 'most'>,
  onFuture?: () => void,
): AsyncGenerator<Series[]> {
  const latestEnd = ({ window }: Series) => latest + lengthOf(window);
  let tell = onFuture;
  for await (const page of seriesPages(reader, part)) {
    const present: Series[] = [];
    for (const series of page) {
      const isLate = series.to > latestEnd(series);
      if (isLate) {
        tell?.();
        tell = undefined;
      }
      const shown = isLate ? await withoutFuture(reader, series, latestEnd(series)) : series;
      if (shown !== undefined) present.push(shown);
    }
    if (present.length > 0) yield present;
  }
}

async function withoutFuture(
  reader: StoreReader,
  series: Series,
  latestEnd: number,
): Promise<Series | undefined> {
  const { sensor, window } = series;
  const to = await newestEnd(reader, { sensor, window, from: series.from, to: latestEnd + 1 });
  if (to === undefined) return undefined;
  let newest = series.newest;
  for await (const rows of reader.rows({ sensor, window, from: to, to: to + 1 }))
    newest = rows.at(-1) ?? newest;
  return { ...series, newest, to };
}

/** The end of the newest row in a range. Searches backwards in growing steps, since it is usually near. */
async function newestEnd(reader: StoreReader, range: Range): Promise<number | undefined> {
  for (let backMs = HOUR; ; backMs *= 8) {
    const from = Math.max(range.from, range.to - backMs);
    const last = from < range.to ? (await reader.buckets({ ...range, from }, backMs)).at(-1) : undefined;
    if (last !== undefined || from <= range.from) return last?.end;
  }
}
