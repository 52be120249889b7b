/**
 * A summary of many values, for exact count, minimum, maximum, sum and average; optionally with the sum of squares for
 * the standard deviation, and a count per distinct value for quantiles.
 *
 * Summaries of parts merge into the summary of the whole, in any order. Memory: a few numbers; with `distinct`, one
 * entry per distinct value.
 */

import { compare, type Decimal, formatDecimal, powerOfTen, unitsAt } from './decimal.ts';

/** Optional parts of a summary. */
export interface Wanted {
  /** The sum of squares. */
  readonly squares: boolean;
  /** A count per distinct value. */
  readonly distinct: boolean;
  /** The first and the last value; may be present even when false. */
  readonly times: boolean;
}

/** A value with its time. */
export interface Timed {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly value: Decimal;
}

/** The content of a summary, as plain data. */
export interface SummaryParts {
  readonly count: number;
  /** Decimals of the most precise value; the unit of `sum` is 10^-scale, that of `squares` its square. */
  readonly scale: number;
  readonly sum: bigint;
  readonly squares: bigint;
  /** Undefined without values. */
  readonly min: Decimal | undefined;
  readonly max: Decimal | undefined;
  readonly first: Timed | undefined;
  readonly last: Timed | undefined;
  /** Values with counts, in any order; a value may occur several times, also across parts of the same summary. */
  readonly distinct: readonly { readonly value: Decimal; readonly count: number }[];
}

/** The parts of an empty summary. */
export const NOTHING: SummaryParts = {
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

type Own = { -readonly [Name in keyof SummaryParts]: SummaryParts[Name] };

/** Starts empty; `add` and `merge` add values. */
export class Summary {
  readonly #wanted: Wanted;
  /** All but the distinct values. The first parts are shared, not copied: most summaries never get others. */
  #parts: SummaryParts = NOTHING;
  /** `#parts` once it is a copy that may be changed. */
  #own: Own | undefined = undefined;
  /** Created on demand. */
  #distinct: Map<string, { value: Decimal; count: number }> | undefined = undefined;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  /** The current content, as plain data. */
  get parts(): SummaryParts {
    return { ...this.#parts, distinct: [...(this.#distinct?.values() ?? [])] };
  }

  /** The number of values. */
  get count(): number {
    return this.#parts.count;
  }

  /** Decimals of the most precise value. */
  get scale(): number {
    return this.#parts.scale;
  }

  /** The minimum as written, in the more precise notation of equal values; undefined without values. */
  get min(): Decimal | undefined {
    return this.#parts.min;
  }

  /** The maximum, likewise. */
  get max(): Decimal | undefined {
    return this.#parts.max;
  }

  /** The value with the earliest time, the smallest of several; undefined when no value has a time. */
  get first(): Timed | undefined {
    return this.#parts.first;
  }

  /** The value with the latest time, the largest of several; undefined when no value has a time. */
  get last(): Timed | undefined {
    return this.#parts.last;
  }

  /** The sum of the values; 0 without values. */
  get sum(): Decimal {
    return { units: this.#parts.sum, scale: this.#parts.scale };
  }

  /** The sum of the squares; 0 unless requested. */
  get squares(): Decimal {
    return { units: this.#parts.squares, scale: 2 * this.#parts.scale };
  }

  /** The distinct values with their counts, in ascending order; empty unless requested. */
  distinct(): { readonly value: Decimal; readonly count: number }[] {
    return [...(this.#distinct?.values() ?? [])].sort((a, b) => compare(a.value, b.value));
  }

  /** Adds a value; `time` in epoch milliseconds, if it has one. */
  add(value: Decimal, time: number | undefined): void {
    const own = this.#ownAt(value.scale);
    const units = unitsAt(value, own.scale);
    own.count += 1;
    own.sum += units;
    own.min = lower(own.min, value);
    own.max = higher(own.max, value);
    if (time !== undefined) addTimed(own, { time, value }, { time, value });
    if (this.#wanted.squares) own.squares += units * units;
    if (this.#wanted.distinct) this.#addDistinct(value, 1);
  }

  /** Merges another summary with the same options. */
  merge({ parts }: Summary): void {
    this.addParts(parts);
  }

  /** Adds the parts of another summary with the same options; they must not change afterwards. */
  addParts(parts: SummaryParts): void {
    for (const { value, count } of parts.distinct) this.#addDistinct(value, count);
    if (parts.count === 0) return;
    if (this.#parts.count === 0) {
      this.#parts = parts;
      return;
    }
    const own = this.#ownAt(parts.scale);
    const factor = powerOfTen(own.scale - parts.scale);
    own.count += parts.count;
    own.sum += parts.sum * factor;
    own.squares += parts.squares * factor * factor;
    if (parts.min) own.min = lower(own.min, parts.min);
    if (parts.max) own.max = higher(own.max, parts.max);
    if (parts.first && parts.last) addTimed(own, parts.first, parts.last);
  }

  /** A copy of the parts that may be changed, with at least this scale. */
  #ownAt(scale: number): Own {
    let own = this.#own;
    if (own === undefined) {
      own = { ...this.#parts, distinct: NOTHING.distinct };
      this.#own = own;
      this.#parts = own;
    }
    if (scale > own.scale) {
      const factor = powerOfTen(scale - own.scale);
      own.sum *= factor;
      own.squares *= factor * factor;
      own.scale = scale;
    }
    return own;
  }

  #addDistinct(value: Decimal, count: number): void {
    const digits = formatDecimal(value);
    const key = value.scale === 0 ? digits : digits.replace(/\.?0+$/, '');
    this.#distinct ??= new Map();
    const entry = this.#distinct.get(key);
    if (entry === undefined) {
      this.#distinct.set(key, { value, count });
      return;
    }
    entry.count += count;
    entry.value = morePrecise(entry.value, value);
  }
}

function addTimed(own: Own, first: Timed, last: Timed): void {
  if (own.first === undefined || own.last === undefined) {
    own.first = first;
    own.last = last;
    return;
  }
  const earlier = first.time - own.first.time;
  if (earlier < 0) own.first = first;
  else if (earlier === 0) own.first = { time: first.time, value: lower(own.first.value, first.value) };
  const later = last.time - own.last.time;
  if (later > 0) own.last = last;
  else if (later === 0) own.last = { time: last.time, value: higher(own.last.value, last.value) };
}

function lower(a: Decimal | undefined, b: Decimal): Decimal {
  const order = a === undefined ? 1 : compare(a, b);
  return a === undefined || order > 0 ? b : order < 0 ? a : morePrecise(a, b);
}

function higher(a: Decimal | undefined, b: Decimal): Decimal {
  const order = a === undefined ? -1 : compare(a, b);
  return a === undefined || order < 0 ? b : order > 0 ? a : morePrecise(a, b);
}

/** The more precise of two notations of a value, so that rows do not depend on the order of readings. */
function morePrecise(a: Decimal, b: Decimal): Decimal {
  return b.scale > a.scale ? b : a;
}
