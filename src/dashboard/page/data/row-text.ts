/** The numbers of a row as text, for tables and for those who hear the page. */

import { convert, kindOf, type Unit, unitSign } from './display-units.ts';
import {
  decimals,
  formatCount,
  formatLength,
  formatNumber,
  formatSpan,
  formatTemperature,
  mostDecimals,
  type Zone,
} from './format.ts';
import type { Row } from './row.ts';

/** How rows are shown. */
export interface RowStyle {
  readonly unit: Unit;
  readonly zone: Zone;
  /** The server's clock: epoch milliseconds. */
  readonly now: number;
}

/** A number of a row. */
export interface RowNumber {
  readonly name: string;
  readonly text: string;
  /** The sign of its unit; empty without one. */
  readonly sign: string;
}

interface Digits {
  readonly extremes: number;
  readonly averages: number;
}

/** The most decimals among the numbers of these rows. */
export function digitsOf(rows: readonly Row[]): Digits {
  return {
    extremes: mostDecimals(rows.flatMap(({ min, max }) => [min, max])),
    averages: mostDecimals(rows.map(({ avg }) => avg)),
  };
}

/** The numbers of a row, in the order of its columns. */
export function rowNumbers(row: Row, { unit, now }: RowStyle, digits = digitsOf([row])): RowNumber[] {
  const degrees = (name: string, value: number | null, most: number) => ({
    name,
    text: formatTemperature(value, unit, most),
    sign: unitSign(unit),
  });
  const plain = (name: string, text: string) => ({ name, text, sign: '' });
  return [
    degrees('minimum', row.min, digits.extremes),
    degrees('average', row.avg, digits.averages),
    degrees('maximum', row.max, digits.extremes),
    plain('readings', formatCount(row.count)),
    ...(row.missing === undefined ? [] : [plain('missing', missingText(row, now))]),
    ...(row.rows > 1 ? [plain('rows', formatCount(row.rows))] : []),
    ...row.further.map(([name, value]) => furtherNumber(name, value, unit, row.count)),
  ];
}

function furtherNumber(name: string, value: number | string, unit: Unit, count: number): RowNumber {
  if (typeof value === 'string') return { name, text: value, sign: '' };
  const kind = kindOf(name);
  const text = formatNumber(convert(value, unit, kind, count), decimals(value));
  return { name, text, sign: unitSign(unit, kind) };
}

function missingText({ missing = 0, end }: Row, now: number): string {
  return end > now && missing > 0 ? `${formatCount(missing)} to come` : formatCount(missing);
}

/** The stretch of time of a row. */
export function rowTitle(row: Row, { zone, now }: RowStyle): string {
  const span = formatSpan(row.start, row.end, zone);
  return row.end > now ? `${span}, goes on` : `${span} (${formatLength(row.end - row.start)})`;
}
