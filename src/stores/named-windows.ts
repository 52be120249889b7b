/**
 * A reader that shows each window under its one name, whatever names its rows are stored under: those of older versions say
 * the length as it was asked for, such as `60m` for `1h`. Writers rename them, some at a time, when they load rows of the
 * sensor.
 *
 * Where a key is stored under two names, the row of more readings stands for both. A range is read under its one name and
 * the old names that were last listed: whoever reads rows has listed the series before. Without old names this costs a look
 * at each name.
 */

import type { StatsRow } from '../readings/stats-row.ts';
import { windowName } from '../readings/window-name.ts';
import { mergedRows } from './merged-rows.ts';
import type { Range, Series, SeriesKey, SeriesPart, StoreReader } from './reader.ts';
import { bucketList, bucketOf } from './row-buckets.ts';

/** Sorts after all windows of a sensor. */
const LAST = '\u{10ffff}';
/** How many further windows to look at, of a sensor that is cut by a page. */
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

/** The sensors with rows under old names, among those listed so far. */
class OldNames {
  /** By sensor and the window's one name: the other names in the store. */
  readonly #sensors = new Map<string, ReadonlyMap<string, readonly string[]>>();

  has(sensor: string): boolean {
    return this.#sensors.has(sensor);
  }

  /** The last by name first. */
  of({ sensor, window }: SeriesKey): readonly string[] {
    return this.#sensors.get(sensor)?.get(window) ?? [];
  }

  /** Remembers the old names among all series of a sensor. @returns these under their one names, in the order of those */
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
  /** Takes all series of a sensor that sort after `after`. @returns where to go on: at the next sensor */
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
      else if (some.some(isOld) || (name === cut && (await goesOnOld(reader, last)))) {
        const behind = await takeWhole(name);
        if (name === last?.sensor) at = behind;
      } else found.push(...some);
    }
    if (isEnd) break;
  }
  return found.length > most ? found.slice(0, most) : found;
}

/** Whether the sensor has an old name after this one. */
async function goesOnOld(reader: StoreReader, last: Series | undefined): Promise<boolean> {
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

/** Rows under several names as a series under one; rows of one key count each. */
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
