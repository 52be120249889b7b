/** In which unit the numbers of a series are shown: its own, or °F for °C where a person wants that. */

import { isCelsius, signOfUnit } from '../../../stats/known-units.ts';

/** In which unit a person wants temperatures. */
export type Unit = 'C' | 'F';

/** How the numbers of a series are shown. */
export interface Display {
  /** The sign of their unit; empty where it is not known, or there is none. */
  readonly sign: string;
  /** Whether stored °C are shown in °F. */
  readonly isFahrenheit: boolean;
}

/** How a number converts: as a value, a difference of two, the square of one, a sum of some, or not at all. */
export type Kind = 'value' | 'difference' | 'square' | 'sum' | 'plain';

const KINDS: Readonly<Record<string, Kind>> = {
  min: 'value',
  max: 'value',
  avg: 'value',
  first: 'value',
  last: 'value',
  range: 'difference',
  stddev: 'difference',
  var: 'square',
  sum: 'sum',
};

const QUANTILE = /^p\d/;

/** How the numbers of a series are shown. @param unit as the store says it, if it does */
export function displayOf(unit: string | undefined, preferred: Unit): Display {
  if (isCelsius(unit)) {
    const isFahrenheit = preferred === 'F';
    return { sign: isFahrenheit ? '°F' : '°C', isFahrenheit };
  }
  return { sign: signOfUnit(unit), isFahrenheit: false };
}

/** The kind of a column by its name; a column of an unknown name has another unit. */
export function kindOf(column: string): Kind {
  if (QUANTILE.test(column)) return 'value';
  return Object.hasOwn(KINDS, column) ? (KINDS[column] ?? 'plain') : 'plain';
}

/** A stored number in the shown unit. @param count number of values in a sum */
export function convert(stored: number, { isFahrenheit }: Display, kind: Kind = 'value', count = 0): number {
  if (!isFahrenheit || kind === 'plain') return stored;
  if (kind === 'difference') return (stored * 9) / 5;
  if (kind === 'square') return (stored * 81) / 25;
  return (stored * 9) / 5 + (kind === 'sum' ? 32 * count : 32);
}

/** The sign of a unit after a number; empty for a plain number. */
export function signOf({ sign }: Display, kind: Kind = 'value'): string {
  if (kind === 'plain' || sign === '') return '';
  return kind === 'square' ? `${sign}²` : sign;
}
