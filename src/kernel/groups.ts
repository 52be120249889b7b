/**
 * From the kernel's memory to what is known of each sensor and pane.
 *
 * The places are those of `assembly/table.ts`.
 */

import { type Decimal, powerOfTen } from '../stats/decimal.ts';
import type { SummaryParts } from '../stats/summary.ts';

/** Groups in the kernel's memory or in a copy of it, and plain data: another thread can read them. */
export interface Groups {
  readonly memory: ArrayBuffer;
  /** The address of the first byte of `memory`. */
  readonly start: number;
  /** The addresses of the groups and distinct values made last; each tells the one before. 0 when there is none. */
  readonly lastGroup: number;
  readonly lastValue: number;
  /** Whether they hold times and squares. */
  readonly isLong: boolean;
}

const GROUP = {
  count: 0,
  sum: 8,
  min: 16,
  max: 24,
  scale: 40,
  minScale: 41,
  maxScale: 42,
  firstScale: 43,
  lastScale: 44,
  pane: 48,
  sensor: 56,
  before: 60,
  firstTime: 64,
  first: 72,
  lastTime: 80,
  last: 88,
  squares: 96,
};
const NO_SCALE = 255;
const NOTHING: SummaryParts = {
  count: 0,
  scale: 0,
  sum: 0n,
  squares: 0n,
  min: undefined,
  max: undefined,
  first: undefined,
  last: undefined,
  distinct: [],
};
const VALUE = { units: 0, count: 8, group: 16, before: 20, scale: 24 };

type Distinct = { value: Decimal; count: number }[];

/** Sensor, pane and parts of every group, or of one. */
export function* groupParts(
  groups: Groups,
  only?: number,
): Generator<readonly [sensor: string, pane: number, parts: SummaryParts]> {
  const { memory, start, isLong } = groups;
  const view = new DataView(memory);
  const names = new Map<number, string>();
  const distinct = distinctValues(groups, view, only);
  const nameOf = (at: number): string => {
    let name = names.get(at);
    if (name === undefined) {
      name = Buffer.from(memory, at + 4 - start, view.getUint32(at - start, true)).toString();
      names.set(at, name);
    }
    return name;
  };
  for (let group = only ?? groups.lastGroup; group !== 0; ) {
    const at = group - start;
    const scale = view.getUint8(at + GROUP.scale);
    const values = distinct.get(group);
    if (scale !== NO_SCALE || values !== undefined) {
      const sensor = nameOf(view.getUint32(at + GROUP.sensor, true));
      const pane = view.getFloat64(at + GROUP.pane, true);
      const parts = scale === NO_SCALE ? NOTHING : counted(view, at, scale, isLong);
      yield [sensor, pane, values === undefined ? parts : { ...parts, distinct: values }];
    }
    group = only === undefined ? view.getUint32(at + GROUP.before, true) : 0;
  }
}

function counted(view: DataView, at: number, scale: number, isLong: boolean): SummaryParts {
  const decimal = (place: number, scalePlace: number): Decimal =>
    written(view.getBigInt64(at + place, true), scale, view.getUint8(at + scalePlace));
  const timed = (place: number, valuePlace: number, scalePlace: number) => ({
    time: view.getFloat64(at + place, true),
    value: decimal(valuePlace, scalePlace),
  });
  const hasTimes = isLong && view.getFloat64(at + GROUP.lastTime, true) !== Number.NEGATIVE_INFINITY;
  return {
    count: Number(view.getBigUint64(at + GROUP.count, true)),
    scale,
    sum: view.getBigInt64(at + GROUP.sum, true),
    squares: isLong ? words192(view, at + GROUP.squares) : 0n,
    min: decimal(GROUP.min, GROUP.minScale),
    max: decimal(GROUP.max, GROUP.maxScale),
    first: hasTimes ? timed(GROUP.firstTime, GROUP.first, GROUP.firstScale) : undefined,
    last: hasTimes ? timed(GROUP.lastTime, GROUP.last, GROUP.lastScale) : undefined,
    distinct: NOTHING.distinct,
  };
}

/** By group; a group that is emptied before the end keeps its values, which come with the rest. */
function distinctValues(
  { start, lastValue }: Groups,
  view: DataView,
  only: number | undefined,
): Map<number, Distinct> {
  const byGroup = new Map<number, Distinct>();
  if (only !== undefined) return byGroup;
  for (let value = lastValue; value !== 0; value = view.getUint32(value - start + VALUE.before, true)) {
    const at = value - start;
    const group = view.getUint32(at + VALUE.group, true);
    const list = byGroup.get(group) ?? [];
    const decimal = {
      units: view.getBigInt64(at + VALUE.units, true),
      scale: view.getUint32(at + VALUE.scale, true),
    };
    list.push({ value: decimal, count: Number(view.getBigUint64(at + VALUE.count, true)) });
    byGroup.set(group, list);
  }
  return byGroup;
}

/** The decimal with the digits that it was written with. */
function written(units: bigint, scale: number, writtenScale: number): Decimal {
  return {
    units: scale === writtenScale ? units : units / powerOfTen(scale - writtenScale),
    scale: writtenScale,
  };
}

function words192(view: DataView, at: number): bigint {
  return (
    view.getBigUint64(at, true) +
    (view.getBigUint64(at + 8, true) << 64n) +
    (view.getBigUint64(at + 16, true) << 128n)
  );
}
