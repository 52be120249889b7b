/**
 * A reader that shows each window under its one name, whatever names its rows are stored under: those of older versions say
 * the length as it was asked for, such as `60m` for `1h`. Writers rename them when they next load rows of the sensor.
 *
 * Where a key is stored under two names, the row of more readings stands for both. A range is read under the names that the
 * last list had: all who read rows have listed them before. Without old names it costs a look at each name.
 */

import type { StatsRow } from '../readings/stats-row.ts';
import { windowName } from '../readings/window-name.ts';
import { type MergedPart, mergedRows } from './merged-rows.ts';
import type { Range, Series, SeriesKey, SeriesPart, StoreReader } from './reader.ts';
import { bucketList, bucketOf } from './row-buckets.ts';

/** Sorts behind all windows of a sensor. */
const LAST = '\u{10ffff}';
/** So many further windows of a sensor that a page cuts are looked at. */
const REST = 100;

export function namedWindows(reader: StoreReader): StoreReader {
  const sensors = new OldNames(reader);
  const parts = (range: Range): MergedPart[] =>
    sensors.storedNames(range).map((window) => ({ window, batches: reader.rows({ ...range, window }) }));
  return {
    check: () => reader.check(),
    series: (part) => listSeries(reader, sensors, part),
    rows: (range) => named(range.window, mergedRows(parts(range))),
    async buckets(range, lengthMs) {
      const names = sensors.storedNames(range);
      const [window = range.window] = names;
      if (names.length < 2) return reader.buckets({ ...range, window }, lengthMs);
      const list = bucketList(lengthMs);
      for await (const rows of mergedRows(parts(range))) for (const row of rows) list.add(bucketOf(row));
      return list.buckets;
    },
    watch: (changed) => reader.watch(changed),
    close: () => reader.close(),
  };
}

/** The sensors with rows under old names, as far as they were listed. */
class OldNames {
  readonly #reader: StoreReader;
  /** By sensor and the window's one name: the names in the store. */
  readonly #sensors = new Map<string, ReadonlyMap<string, readonly string[]>>();

  constructor(reader: StoreReader) {
    this.#reader = reader;
  }

  has(sensor: string): boolean {
    return this.#sensors.has(sensor);
  }

  storedNames({ sensor, window }: SeriesKey): readonly string[] {
    return this.#sensors.get(sensor)?.get(window) ?? [window];
  }

  /** All series of a sensor under their one names, in the order of these. */
  async list(sensor: string): Promise<Series[]> {
    const windows = new Map<string, Series[]>();
    for (const series of await this.#reader.series({ sensor })) {
      const name = windowName(series.window);
      windows.set(name, [...(windows.get(name) ?? []), series]);
    }
    const names = [...windows].map(([name, some]) => [name, some.map(({ window }) => window)] as const);
    const isOld = names.some(([name, stored]) => stored.some((window) => window !== name));
    if (isOld) this.#sensors.set(sensor, new Map(names));
    else this.#sensors.delete(sensor);
    const sorted = [...windows].sort(([one], [other]) => (one < other ? -1 : 1));
    return sorted.flatMap(([name, some]) => asOne(name, some) ?? []);
  }
}

async function listSeries(
  reader: StoreReader,
  sensors: OldNames,
  { sensor, after, most: asked }: SeriesPart = {},
): Promise<Series[]> {
  const most = asked ?? Number.POSITIVE_INFINITY;
  const found: Series[] = [];
  let at = after;
  /** Takes all series of a sensor that belong behind `after`, and goes on with the next one. */
  const takeWhole = async (name: string) => {
    const isBehind = ({ window }: Series) => name !== after?.sensor || window > after.window;
    found.push(...(await sensors.list(name)).filter(isBehind));
    at = { sensor: name, window: LAST };
  };
  if (at !== undefined && sensors.has(at.sensor)) await takeWhole(at.sensor);
  while (found.length < most) {
    const page = await reader.series({ sensor, after: at, most: asked });
    const odd = await oldSensor(reader, page, most);
    const before =
      odd === undefined
        ? page
        : page.slice(
            0,
            page.findIndex((one) => one.sensor === odd),
          );
    found.push(...before);
    at = before.at(-1) ?? at;
    if (odd !== undefined) await takeWhole(odd);
    else if (page.length < most) break;
  }
  return found.length > most ? found.slice(0, most) : found;
}

/** The first sensor of a page that has an old name, on the page or behind it. */
async function oldSensor(
  reader: StoreReader,
  page: readonly Series[],
  most: number,
): Promise<string | undefined> {
  const isOld = ({ window }: SeriesKey) => windowName(window) !== window;
  const last = page.at(-1);
  const found = page.find(isOld);
  if (found !== undefined || last === undefined || page.length < most) return found?.sensor;
  const { sensor } = last;
  return (await reader.series({ sensor, after: last, most: REST })).find(isOld)?.sensor;
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
