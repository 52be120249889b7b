/**
 * Wraps a reader to show each window under its canonical name. Older versions stored the length as given, such as `60m`
 * for `1h`; writers rename such rows gradually when they load rows of the sensor.
 *
 * If a key is stored under two names, the row with more readings wins. A range is read under the canonical name, and
 * the old names last listed: readers list the series first. Without old names the cost is one comparison per name.
 */

import type { StatsRow } from '../readings/stats-row.ts';
import { windowName } from '../readings/window-name.ts';
import { mergedRows } from './merged-rows.ts';
import type { Range, Series, SeriesKey, SeriesPart, StoreReader } from './reader.ts';
import { bucketList, bucketOf } from './row-buckets.ts';

/** Sorts after all windows of a sensor. */
const LAST = '\u{10ffff}';
/** How many further windows to check of a sensor that continues on the next page. */
const REST = 100;

export function namedWindows(reader: StoreReader): StoreReader {
  const oldNames = new OldNames();
  const rowsOf = (range: Range) => {
    const old = oldNames.of(range);
    if (old.length === 0) return reader.rows(range);
    return named(range.window, mergedRows(reader, range, [...old, range.window]));
  };
  return {
    check: () => reader.check(),
    series: (part) => listSeries(reader, oldNames, part),
    rows: rowsOf,
    async buckets(range, lengthMs) {
      if (oldNames.of(range).length === 0) return reader.buckets(range, lengthMs);
      const list = bucketList(lengthMs);
      for await (const rows of rowsOf(range)) for (const row of rows) list.add(bucketOf(row));
      return list.buckets;
    },
    watch: (changed) => reader.watch(changed),
    close: () => reader.close(),
  };
}

/** The sensors listed so far with rows under old names. */
class OldNames {
  /** By sensor and canonical window name: the other names in the store. */
  readonly #sensors = new Map<string, ReadonlyMap<string, readonly string[]>>();

  has(sensor: string): boolean {
    return this.#sensors.has(sensor);
  }

  /** In descending order. */
  of({ sensor, window }: SeriesKey): readonly string[] {
    return this.#sensors.get(sensor)?.get(window) ?? [];
  }

  /** Records the old names among all series of a sensor. @returns the series under their canonical names, in order */
  take(sensor: string, all: readonly Series[]): readonly Series[] {
    if (!all.some(isOld)) {
      this.#sensors.delete(sensor);
      return all;
    }
    const windows = [...groups(all, ({ window }) => windowName(window))];
    const oldOf = (some: readonly Series[]) =>
      some
        .filter(isOld)
        .map(({ window }) => window)
        .reverse();
    this.#sensors.set(sensor, new Map(windows.map(([name, some]) => [name, oldOf(some)])));
    const sorted = windows.sort(([one], [other]) => (one < other ? -1 : 1));
    return sorted.flatMap(([name, some]) => asOne(name, some) ?? []);
  }
}

function isOld({ window }: SeriesKey): boolean {
  return windowName(window) !== window;
}

async function listSeries(
  reader: StoreReader,
  oldNames: OldNames,
  { sensor, after, most: asked }: SeriesPart = {},
): Promise<Series[]> {
  const most = asked ?? Number.POSITIVE_INFINITY;
  const found: Series[] = [];
  /** Adds all series of a sensor that sort after `after`. @returns where to continue: at the next sensor */
  const takeWhole = async (name: string): Promise<SeriesKey> => {
    const isBehind = ({ window }: Series) => name !== after?.sensor || window > after.window;
    found.push(...oldNames.take(name, await reader.series({ sensor: name })).filter(isBehind));
    return { sensor: name, window: LAST };
  };
  let at = after !== undefined && oldNames.has(after.sensor) ? await takeWhole(after.sensor) : after;
  while (found.length < most) {
    const page = await reader.series({ sensor, after: at, most: asked });
    const last = page.at(-1);
    const isEnd = page.length < most;
    const [begun, cut] = [at?.sensor, isEnd ? undefined : last?.sensor];
    at = last;
    for (const [name, some] of groups(page, (one) => one.sensor)) {
      const isWhole = name !== begun && name !== cut;
      if (isWhole) found.push(...oldNames.take(name, some));
      else if (some.some(isOld) || (name === cut && (await hasOldNameAfter(reader, last)))) {
        const behind = await takeWhole(name);
        if (name === last?.sensor) at = behind;
      } else found.push(...some);
    }
    if (isEnd) break;
  }
  return found.length > most ? found.slice(0, most) : found;
}

/** Whether the sensor has an old name after this series. */
async function hasOldNameAfter(reader: StoreReader, last: Series | undefined): Promise<boolean> {
  const { sensor } = last ?? {};
  return (await reader.series({ sensor, after: last, most: REST })).some(isOld);
}

function groups(all: readonly Series[], nameOf: (series: Series) => string): Map<string, Series[]> {
  const byName = new Map<string, Series[]>();
  for (const series of all) {
    const some = byName.get(nameOf(series));
    if (some === undefined) byName.set(nameOf(series), [series]);
    else some.push(series);
  }
  return byName;
}

/** Merges series with several names of a window into one; duplicate keys are counted twice. */
function asOne(window: string, parts: readonly Series[]): Series | undefined {
  const [last] = [...parts].sort((one, other) => other.to - one.to);
  if (last === undefined) return undefined;
  return {
    ...last,
    window,
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    newest: { ...last.newest, window },
    from: Math.min(...parts.map(({ from }) => from)),
    every: last.every ?? parts.find(({ every }) => every !== undefined)?.every,
  };
}

async function* named(window: string, batches: AsyncIterable<StatsRow[]>): AsyncGenerator<StatsRow[]> {
  for await (const rows of batches)
    yield rows.every((row) => row.window === window) ? rows : rows.map((row) => ({ ...row, window }));
}
