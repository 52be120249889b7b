/**
 * Reads a kernel's groups, one per sensor and pane, from its memory or a copy.
 *
 * Offsets in a group are those of `src/kernels/readings/groups.ts`; those in a value, of `value-entry.ts`.
 */

import { type Decimal, powerOfTen } from '../../stats/decimal.ts';
import { NOTHING, type SummaryParts, type Timed } from '../../stats/summary.ts';
import { NO_SCALE } from './readings-abi.ts';

/** Groups in the kernel's memory or in a copy of it. Plain data, which other threads can read. */
export interface Groups {
  readonly memory: ArrayBuffer;
  /** The address of the first byte of `memory`. */
  readonly start: number;
  /** The address of the group made last, the head of a linked list; 0 if there is none. */
  readonly lastGroup: number;
  /** Size of a group in bytes; unwanted parts at its end are left out. */
  readonly size: number;
}

/** The start of the pane is in epoch milliseconds; 0 without panes. */
export type GroupParts = readonly [sensor: string, pane: number, parts: SummaryParts];

export const GROUP = {
  count: 0,
  carry: 4,
  sum: 8,
  min: 16,
  max: 24,
  scale: 32,
  minScale: 33,
  maxScale: 34,
  firstScale: 35,
  lastScale: 36,
  valuesKind: 39,
  sensor: 40,
  before: 44,
  pane: 48,
  values: 56,
  valuesEnd: 60,
  firstTime: 64,
  first: 72,
  lastTime: 80,
  last: 88,
  squares: 96,
};
/** A bit of the kind of values. */
export const LONG = 128;

type Value = SummaryParts['distinct'][number];

/** A value in units of its group's scale, the scale it was written with, and how often it occurred. */
interface Entry {
  readonly units: bigint;
  readonly scale: number;
  readonly count: number;
}

/** All groups that are not empty, or the one at address `only`. */
export function* groupParts(groups: Groups, only?: number): Generator<GroupParts> {
  const reader = new GroupReader(groups);
  const names = new Map<number, string>();
  for (let group = only ?? groups.lastGroup; group !== 0; group = only ? 0 : reader.before(group)) {
    if (reader.isEmpty(group)) continue;
    const sensor = reader.sensor(group);
    const name = names.get(sensor) ?? reader.name(sensor);
    names.set(sensor, name);
    yield [name, reader.pane(group), reader.parts(group)];
  }
}

/** Reads one group at a time, given its address. */
export class GroupReader {
  readonly #start: number;
  readonly #size: number;
  readonly #view: DataView;
  readonly #bytes: Buffer;

  constructor(groups: Groups) {
    this.#start = groups.start;
    this.#size = groups.size;
    this.#view = new DataView(groups.memory);
    this.#bytes = Buffer.from(groups.memory);
  }

  /** Whether the memory has grown since, which detaches the buffer. */
  get isStale(): boolean {
    return this.#bytes.length === 0;
  }

  /** The address of the group made before it; 0 for the first. */
  before(group: number): number {
    return this.#view.getUint32(group - this.#start + GROUP.before, true);
  }

  /** Whether it holds no value. */
  isEmpty(group: number): boolean {
    return this.#view.getUint8(group - this.#start + GROUP.scale) === NO_SCALE;
  }

  /** The start of its pane in epoch milliseconds; 0 without panes. */
  pane(group: number): number {
    return this.#size > GROUP.pane ? this.#view.getFloat64(group - this.#start + GROUP.pane, true) : 0;
  }

  /** The address of the sensor's record. */
  sensor(group: number): number {
    return this.#view.getUint32(group - this.#start + GROUP.sensor, true);
  }

  /** The name in a sensor's record. */
  name(sensor: number): string {
    const at = sensor - this.#start;
    return this.#bytes.toString('utf8', at + 8, at + 8 + this.#view.getUint32(at, true));
  }

  /** Everything a group holds. */
  parts(group: number): SummaryParts {
    const at = group - this.#start;
    const view = this.#view;
    const scale = view.getUint8(at + GROUP.scale);
    if (scale === NO_SCALE) return NOTHING;
    return {
      count: view.getUint32(at + GROUP.count, true),
      scale,
      sum: (BigInt(view.getInt32(at + GROUP.carry, true)) << 62n) + view.getBigInt64(at + GROUP.sum, true),
      squares: this.#size > GROUP.squares ? words192(view, at + GROUP.squares) : 0n,
      min: this.#decimal(at, GROUP.min, GROUP.minScale),
      max: this.#decimal(at, GROUP.max, GROUP.maxScale),
      first: this.#timed(at, GROUP.firstTime, GROUP.first, GROUP.firstScale),
      last: this.#timed(at, GROUP.lastTime, GROUP.last, GROUP.lastScale),
      distinct: this.#distinct(at),
    };
  }

  #distinct(at: number): SummaryParts['distinct'] {
    if (this.#size <= GROUP.values) return [];
    const kind = this.#view.getUint8(at + GROUP.valuesKind);
    const read = kind & LONG ? longValue : shortValue;
    const size = kind & LONG ? 16 : 8;
    const end = this.#view.getUint32(at + GROUP.valuesEnd, true) - this.#start;
    const values: Value[] = [];
    for (
      let entry = this.#view.getUint32(at + GROUP.values, true) - this.#start;
      entry < end;
      entry += size
    ) {
      const { units, scale, count } = read(this.#view, entry);
      values.push({ value: { units: units / powerOfTen((kind & ~LONG) - scale), scale }, count });
    }
    return values;
  }

  /** A value at the scale that it was written with. */
  #decimal(at: number, offset: number, scaleOffset: number): Decimal {
    const units = this.#view.getBigInt64(at + offset, true);
    const known = this.#view.getUint8(at + GROUP.scale);
    const scale = this.#view.getUint8(at + scaleOffset);
    return { units: known === scale ? units : units / powerOfTen(known - scale), scale };
  }

  #timed(at: number, offset: number, valueOffset: number, scaleOffset: number): Timed | undefined {
    if (
      this.#size <= GROUP.firstTime ||
      this.#view.getFloat64(at + GROUP.lastTime, true) === Number.NEGATIVE_INFINITY
    )
      return undefined;
    const time = this.#view.getFloat64(at + offset, true);
    return { time, value: this.#decimal(at, valueOffset, scaleOffset) };
  }
}

function shortValue(view: DataView, at: number): Entry {
  const low = view.getUint32(at, true);
  return { units: view.getBigInt64(at, true) >> 26n, scale: (low >>> 21) & 31, count: low & 0x1fffff };
}

function longValue(view: DataView, at: number): Entry {
  const rest = view.getBigUint64(at + 8, true);
  return {
    units: view.getBigInt64(at, true),
    scale: Number(rest >> 59n),
    count: Number(BigInt.asUintN(59, rest)),
  };
}

/** A 192-bit integer, least significant word first. */
function words192(view: DataView, at: number): bigint {
  return (
    view.getBigUint64(at, true) +
    (view.getBigUint64(at + 8, true) << 64n) +
    (view.getBigUint64(at + 16, true) << 128n)
  );
}
