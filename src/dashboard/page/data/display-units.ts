/** °C as they are stored, °F as they may be shown. */

export type Unit = 'C' | 'F';

/** What becomes of a number in another unit: a temperature, a distance between two, the square of one, or nothing. */
export type Kind = 'temperature' | 'difference' | 'square' | 'sum' | 'plain';

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

/** By the name of its column; a column of another name is no temperature. */
export function kindOf(column: string): Kind {
  if (QUANTILE.test(column)) return 'temperature';
  return Object.hasOwn(KINDS, column) ? (KINDS[column] ?? 'plain') : 'plain';
}

/** A number in °C in the other unit; `count` is how many temperatures a sum has. */
export function convert(celsius: number, unit: Unit, kind: Kind = 'temperature', count = 0): number {
  if (unit === 'C' || kind === 'plain') return celsius;
  if (kind === 'difference') return (celsius * 9) / 5;
  if (kind === 'square') return (celsius * 81) / 25;
  return (celsius * 9) / 5 + (kind === 'sum' ? 32 * count : 32);
}

/** Its sign, as it stands behind a number. */
export function unitSign(unit: Unit, kind: Kind = 'temperature'): string {
  if (kind === 'plain') return '';
  return kind === 'square' ? `°${unit}²` : `°${unit}`;
}
