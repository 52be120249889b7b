/** The unit in which the numbers of a series are displayed: its own, or °F for °C on request. */

import { isCelsius, signOfUnit } from '../../../stats/known-units.ts';

/** The preferred unit of temperatures. */
export type Unit = 'C' | 'F';

/** How to display the numbers of a series. */
export interface Display {
  /** The symbol of the unit; empty if unknown or none. */
  readonly sign: string;
  /** Whether to convert °C to °F. */
  readonly isFahrenheit: boolean;
}

/** How a number converts: as a value, a difference of two, the square of one, a sum of several, or not at all. */
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

/** How to display the numbers of a series. @param unit from the store, if known */
export function displayOf(unit: string | undefined, preferred: Unit): Display {
  if (isCelsius(unit)) {
    const isFahrenheit = preferred === 'F';
    return { sign: isFahrenheit ? '°F' : '°C', isFahrenheit };
  }
  return { sign: signOfUnit(unit), isFahrenheit: false };
}

/** The kind of a column, by its name; columns with unknown names are not converted. */
export function kindOf(column: string): Kind {
  if (QUANTILE.test(column)) return 'value';
  return Object.hasOwn(KINDS, column) ? (KINDS[column] ?? 'plain') : 'plain';
}

/** Converts a stored number to the displayed unit. @param count number of values in a sum */
export function convert(stored: number, { isFahrenheit }: Display, kind: Kind = 'value', count = 0): number {
  if (!isFahrenheit || kind === 'plain') return stored;
  if (kind === 'difference') return (stored * 9) / 5;
  if (kind === 'square') return (stored * 81) / 25;
  return (stored * 9) / 5 + (kind === 'sum' ? 32 * count : 32);
}

/** The unit symbol for a number of this kind; empty for a plain number. */
export function signOf({ sign }: Display, kind: Kind = 'value'): string {
  if (kind === 'plain' || sign === '') return '';
  return kind === 'square' ? `${sign}²` : sign;
}
