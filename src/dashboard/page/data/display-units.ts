/** Stored °C shown in °C or °F. */

export type Unit = 'C' | 'F';

/** How a number converts: as a temperature, a difference of two, the square of one, a sum of some, or not at all. */
type Kind = 'temperature' | 'difference' | 'square' | 'sum' | 'plain';

const KINDS: Readonly<Record<string, Kind>> = {
  min: 'temperature',
  max: 'temperature',
  avg: 'temperature',
  first: 'temperature',
  last: 'temperature',
  range: 'difference',
  stddev: 'difference',
  var: 'square',
  sum: 'sum',
};

const QUANTILE = /^p\d/;

/** The kind of a column by its name; a column of an unknown name is no temperature. */
export function kindOf(column: string): Kind {
  if (QUANTILE.test(column)) return 'temperature';
  return Object.hasOwn(KINDS, column) ? (KINDS[column] ?? 'plain') : 'plain';
}

/** A number in °C converted to a unit. @param count number of temperatures in a sum */
export function convert(celsius: number, unit: Unit, kind: Kind = 'temperature', count = 0): number {
  if (unit === 'C' || kind === 'plain') return celsius;
  if (kind === 'difference') return (celsius * 9) / 5;
  if (kind === 'square') return (celsius * 81) / 25;
  return (celsius * 9) / 5 + (kind === 'sum' ? 32 * count : 32);
}

/** The sign of a unit after a number; empty for a plain number. */
export function unitSign(unit: Unit, kind: Kind = 'temperature'): string {
  if (kind === 'plain') return '';
  return kind === 'square' ? `°${unit}²` : `°${unit}`;
}
