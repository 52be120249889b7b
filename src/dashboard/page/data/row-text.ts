/** The numbers of a row as text, for tables and screen readers. */

import { kindOf } from './display-units.ts';
import {
  decimals,
  formatCount,
  formatLength,
  formatSpan,
  formatTime,
  mostDecimals,
  type Zone,
} from './format.ts';
import { isAbove, isBelow } from './limits.ts';
import { type NumberText, numberText } from './number-text.ts';
import { isIncomplete, type Row } from './row.ts';
import type { SeriesLook } from './series-look.ts';

/** How to display rows. */
export interface RowStyle extends Pick<SeriesLook, 'display' | 'limits'> {
  readonly zone: Zone;
  /** The server's clock in epoch ms. */
  readonly now: number;
  /** Whether to show all digits and no prefixes, as in a table. */
  readonly isExact?: boolean;
}

/** A number of a row. */
export interface RowNumber extends NumberText {
  readonly name: string;
  /** Whether it signals a problem. */
  readonly isWarning: boolean;
}

interface Digits {
  readonly extremes: number;
  readonly averages: number;
}

/** The largest numbers of decimals among these rows. */
export function digitsOf(rows: readonly Row[]): Digits {
  return {
    extremes: mostDecimals(rows.flatMap(({ min, max }) => [min, max])),
    averages: mostDecimals(rows.map(({ avg }) => avg)),
  };
}

/** The numbers of a row, in column order. */
export function rowNumbers(row: Row, style: RowStyle, digits = digitsOf([row])): RowNumber[] {
  const { display, limits, now, isExact = false } = style;
  const value = (name: string, stored: number | null, most: number, isWarning = false) => ({
    ...{ name, isWarning },
    ...numberText(stored, display, { digits: most, isExact }),
  });
  const plain = (name: string, text: string, isWarning = false) => ({ name, text, sign: '', isWarning });
  return [
    value('minimum', row.min, digits.extremes, isBelow(row, limits)),
    value('average', row.avg, digits.averages),
    value('maximum', row.max, digits.extremes, isAbove(row, limits)),
    plain('readings', formatCount(row.count)),
    ...(row.missing === undefined ? [] : [plain('missing', missingText(row, now), isIncomplete(row, now))]),
    ...(row.rows > 1 ? [plain('rows', formatCount(row.rows))] : []),
    ...row.further.map(([name, value]) => furtherNumber(name, value, style, row.count)),
  ];
}

function furtherNumber(
  name: string,
  value: number | string,
  { display, zone, isExact = false }: RowStyle,
  count: number,
): RowNumber {
  if (typeof value === 'string')
    return { name, text: wordText(name, value, zone), sign: '', isWarning: false };
  const kind = kindOf(name);
  const number = numberText(value, display, { digits: decimals(value), kind, count, isExact });
  return { name, ...number, isWarning: false };
}

/** A further column that is not a number; a time, such as `last_time`, is shown in the zone. */
function wordText(name: string, value: string, zone: Zone): string {
  const time = name.endsWith('_time') ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? value : formatTime(time, zone);
}

function missingText({ missing = 0, end }: Row, now: number): string {
  return end > now && missing > 0 ? `${formatCount(missing)} to come` : formatCount(missing);
}

/** The time span of a row. */
export function rowTitle(row: Row, { zone, now }: Pick<RowStyle, 'zone' | 'now'>): string {
  const span = formatSpan(row.start, row.end, zone);
  return row.end > now ? `${span}, not over yet` : `${span} (${formatLength(row.end - row.start)})`;
}
