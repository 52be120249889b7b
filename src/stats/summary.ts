/**
 * What is kept of many values: enough for exact count, minimum, maximum, sum and average; on request the sum of
 * squares for the standard deviation, and a count per distinct value for quantiles.
 *
 * Summaries of parts merge to the summary of the whole, whatever the parts and their order.
 * Memory: a few numbers; with `distinct` one entry per distinct value.
 */

import { compare, type Decimal, formatDecimal, powerOfTen, unitsAt } from './decimal.ts';

export interface Wanted {
  readonly squares: boolean;
  readonly distinct: boolean;
  /** The first and the last value; where they are not wanted they may still be kept. */
  readonly times: boolean;
}

export interface Timed {
  readonly time: number;
  readonly value: Decimal;
}

/** All that a summary holds, as data that another thread can be given. */
export interface SummaryParts {
  readonly count: number;
  /** Digits after the point of the most precise value; `sum` is in units of it, `squares` in squares of these. */
  readonly scale: number;
  readonly sum: bigint;
  readonly squares: bigint;
  /** Undefined without values. */
  readonly min: Decimal | undefined;
  readonly max: Decimal | undefined;
  readonly first: Timed | undefined;
  readonly last: Timed | undefined;
  /** Each distinct value with its count, in any order; one value may be there more than once, or come in other parts. */
  readonly distinct: readonly { readonly value: Decimal; readonly count: number }[];
}

export class Summary {
  readonly #wanted: Wanted;
  #count = 0;
  /** The most digits after the point seen; the sums are in units of it. */
  #scale = 0;
  #sum = 0n;
  #squares = 0n;
  #min: Decimal | undefined;
  #max: Decimal | undefined;
  #first: Timed | undefined;
  #last: Timed | undefined;
  /** Made when it is needed. */
  #distinct: Map<string, { value: Decimal; count: number }> | undefined;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  get parts(): SummaryParts {
    return {
      count: this.#count,
      scale: this.#scale,
      sum: this.#sum,
      squares: this.#squares,
      min: this.#min,
      max: this.#max,
      first: this.#first,
      last: this.#last,
      distinct: [...(this.#distinct?.values() ?? [])],
    };
  }

  /** How many values. */
  get count(): number {
    return this.#count;
  }

  /** Digits after the point of the most precise value. */
  get scale(): number {
    return this.#scale;
  }

  /** With the digits that it was written with; the more precise writing of equal values. Undefined without values. */
  get min(): Decimal | undefined {
    return this.#min;
  }

  get max(): Decimal | undefined {
    return this.#max;
  }

  /** The value with the earliest time, the smallest of several; undefined when no value has a time. */
  get first(): Timed | undefined {
    return this.#first;
  }

  /** The value with the latest time, the largest of several. */
  get last(): Timed | undefined {
    return this.#last;
  }

  get sum(): Decimal {
    return { units: this.#sum, scale: this.#scale };
  }

  /** The sum of the squares; 0 unless it was wanted. */
  get squares(): Decimal {
    return { units: this.#squares, scale: 2 * this.#scale };
  }

  /** Each distinct value in ascending order with its count; empty unless it was wanted. */
  distinct(): { readonly value: Decimal; readonly count: number }[] {
    return [...(this.#distinct?.values() ?? [])].sort((a, b) => compare(a.value, b.value));
  }

  add(value: Decimal, time: number | undefined): void {
    if (value.scale > this.#scale) this.#rescale(value.scale);
    const units = unitsAt(value, this.#scale);
    this.#count += 1;
    this.#sum += units;
    this.#min = lower(this.#min, value);
    this.#max = higher(this.#max, value);
    if (time !== undefined) this.#addTimed({ time, value }, { time, value });
    if (this.#wanted.squares) this.#squares += units * units;
    if (this.#wanted.distinct) this.#addDistinct(value, 1);
  }

  /** Takes in all that another summary, made with the same wishes, has seen. */
  merge({ parts }: Summary): void {
    this.addParts(parts);
  }

  addParts(parts: SummaryParts): void {
    if (parts.scale > this.#scale) this.#rescale(parts.scale);
    this.#count += parts.count;
    if (parts.scale === this.#scale) {
      this.#sum += parts.sum;
      this.#squares += parts.squares;
    } else {
      const factor = powerOfTen(this.#scale - parts.scale);
      this.#sum += parts.sum * factor;
      this.#squares += parts.squares * factor * factor;
    }
    if (parts.min) this.#min = lower(this.#min, parts.min);
    if (parts.max) this.#max = higher(this.#max, parts.max);
    if (parts.first && parts.last) this.#addTimed(parts.first, parts.last);
    for (const { value, count } of parts.distinct) this.#addDistinct(value, count);
  }

  #rescale(scale: number): void {
    if (this.#count > 0) {
      const factor = powerOfTen(scale - this.#scale);
      this.#sum *= factor;
      this.#squares *= factor * factor;
    }
    this.#scale = scale;
  }

  #addTimed(first: Timed, last: Timed): void {
    if (this.#first === undefined || this.#last === undefined) {
      this.#first = first;
      this.#last = last;
      return;
    }
    const earlier = first.time - this.#first.time;
    if (earlier < 0) this.#first = first;
    else if (earlier === 0) this.#first = { time: first.time, value: lower(this.#first.value, first.value) };
    const later = last.time - this.#last.time;
    if (later > 0) this.#last = last;
    else if (later === 0) this.#last = { time: last.time, value: higher(this.#last.value, last.value) };
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

function lower(a: Decimal | undefined, b: Decimal): Decimal {
  const order = a === undefined ? 1 : compare(a, b);
  return a === undefined || order > 0 ? b : order < 0 ? a : morePrecise(a, b);
}

function higher(a: Decimal | undefined, b: Decimal): Decimal {
  const order = a === undefined ? -1 : compare(a, b);
  return a === undefined || order < 0 ? b : order > 0 ? a : morePrecise(a, b);
}

/** Of two writings of one value always the same, so that a row does not depend on the order of its readings. */
function morePrecise(a: Decimal, b: Decimal): Decimal {
  return b.scale > a.scale ? b : a;
}
