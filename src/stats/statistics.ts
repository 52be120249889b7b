/**
 * The statistics of a row: a table from each name to its requirements and its computation from a summary.
 *
 * All are exact; non-terminating ones are rounded half away from zero, to the requested decimals or to two more than
 * the most precise value.
 */

import {
  type Decimal,
  formatDecimal,
  multiplyByRatio,
  parseDecimal,
  powerOfTen,
  squareRoot,
  subtract,
} from './decimal.ts';
import type { Summary, Timed, Wanted } from './summary.ts';

/** Computes a statistic, rounded to this many decimals if necessary; undefined where there is none. */
type Compute = (summary: Summary, decimals: number) => Decimal | undefined;

/** A column of a row. */
export interface Statistic {
  readonly name: string;
  /** The optional part of a summary that it requires; undefined for none. */
  readonly needs: keyof Wanted | undefined;
  /** Whether it is a time in epoch milliseconds. */
  readonly isTime: boolean;
  readonly compute: Compute;
  /** For a quantile: the percentage of values that do not exceed it. */
  readonly percent?: Decimal;
}

const TABLE: Readonly<Record<string, Omit<Statistic, 'name' | 'isTime'>>> = {
  min: { needs: undefined, compute: ({ min }) => min },
  max: { needs: undefined, compute: ({ max }) => max },
  avg: { needs: undefined, compute: average },
  sum: { needs: undefined, compute: ({ sum }) => sum },
  range: { needs: undefined, compute: ({ min, max }) => (min && max ? subtract(max, min) : undefined) },
  first: { needs: 'times', compute: ({ first }) => first?.value },
  last: { needs: 'times', compute: ({ last }) => last?.value },
  first_time: { needs: 'times', compute: ({ first }) => timeOf(first) },
  last_time: { needs: 'times', compute: ({ last }) => timeOf(last) },
  stddev: { needs: 'squares', compute: standardDeviation },
  var: { needs: 'squares', compute: variance },
};

const TIME = /_time$/;

/** For messages and shell completion. */
export const statisticNames = [...Object.keys(TABLE), 'p50', 'p99.9'];

/** The statistic of this name, such as `avg` or `p99.9`. @throws Error with a message for the user when there is none */
export function statistic(name: string): Statistic {
  const known = Object.hasOwn(TABLE, name) ? TABLE[name] : undefined;
  if (known !== undefined) return { name, isTime: TIME.test(name), ...known };
  const percent = /^p\d{1,3}(\.\d{1,9})?$/.test(name) ? parseDecimal(name.slice(1)) : undefined;
  if (percent === undefined || percent.units > 100n * powerOfTen(percent.scale)) {
    throw new Error(`unknown statistic: ${JSON.stringify(name)} (known: ${statisticNames.join(', ')}, ...)`);
  }
  const compute: Compute = (summary) => quantile(summary, percent);
  return { name, isTime: false, needs: 'distinct', compute, percent };
}

/** The statistics in every row: min, max, avg. */
export const usual: readonly Statistic[] = ['min', 'max', 'avg'].map(statistic);

/** Whether every row has this statistic. */
export function isUsual({ name }: Pick<Statistic, 'name'>): boolean {
  return usual.some((known) => known.name === name);
}

/** What a summary must keep for these statistics. */
export function wanted(statistics: readonly Statistic[]): Wanted {
  return {
    squares: statistics.some(({ needs }) => needs === 'squares'),
    distinct: statistics.some(({ needs }) => needs === 'distinct'),
    times: statistics.some(({ needs }) => needs === 'times'),
  };
}

/** Formats a statistic, by default with two decimals more than the most precise value; empty when it is undefined. */
export function show({ compute }: Statistic, summary: Summary, decimals = summary.scale + 2): string {
  const number = compute(summary, decimals);
  return number === undefined ? '' : formatDecimal(number);
}

function timeOf(timed: Timed | undefined): Decimal | undefined {
  return timed && { units: BigInt(timed.time), scale: 0 };
}

/** The mean Σx / n; undefined without values. */
function average({ count, sum }: Summary, decimals: number): Decimal | undefined {
  return count === 0 ? undefined : multiplyByRatio(sum, 1n, BigInt(count), decimals);
}

/** Sample variance (n Σx² − (Σx)²) / (n (n − 1)), in the square of the values' unit; undefined below two values. */
function variance(summary: Summary, decimals: number): Decimal | undefined {
  const { count, scale } = summary;
  if (count < 2) return undefined;
  const ratio = BigInt(count) * BigInt(count - 1);
  return multiplyByRatio({ units: deviations(summary), scale: 2 * scale }, 1n, ratio, decimals);
}

/** Sample standard deviation, the square root of the variance, in the values' unit; undefined below two values. */
function standardDeviation(summary: Summary, decimals: number): Decimal | undefined {
  const { count, scale } = summary;
  if (count < 2) return undefined;
  const denominator = BigInt(count) * BigInt(count - 1) * powerOfTen(2 * scale);
  return squareRoot(deviations(summary), denominator, decimals);
}

/** n Σx² − (Σx)² in squared units: integer arithmetic, so nothing cancels. */
function deviations({ count, sum, squares }: Summary): bigint {
  return BigInt(count) * squares.units - sum.units * sum.units;
}

/**
 * The nearest-rank quantile (inverse of the empirical distribution function; type 1 of Hyndman and Fan, 1996): the
 * smallest value that at least p percent of all values do not exceed. Always one of the values, p0 the smallest.
 */
function quantile(summary: Summary, percent: Decimal): Decimal | undefined {
  const hundred = 100n * powerOfTen(percent.scale);
  const rank = (percent.units * BigInt(summary.count) + hundred - 1n) / hundred;
  let below = 0n;
  for (const { value, count } of summary.distinct()) {
    below += BigInt(count);
    if (below >= rank) return value;
  }
  return undefined;
}
