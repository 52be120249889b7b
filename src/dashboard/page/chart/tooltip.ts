/** The box beside the cursor, with all the numbers of the rows there. */

import { convert, kindOf, type Unit, unitSign } from '../data/display-units.ts';
import {
  decimals,
  formatCount,
  formatLength,
  formatNumber,
  formatSpan,
  formatTemperature,
  mostDecimals,
  type Zone,
} from '../data/format.ts';
import { isIncomplete, type Row } from '../data/row.ts';
import type { SensorRows } from '../data/series-json.ts';
import { make } from '../shell/dom.ts';

export interface Shown {
  readonly unit: Unit;
  readonly zone: Zone;
  readonly now: number;
}

export interface Told {
  readonly name: string;
  readonly text: string;
  /** Of its unit; empty without one. */
  readonly sign: string;
}

export interface Digits {
  readonly extremes: number;
  readonly averages: number;
}

/** How many decimals the numbers of these rows have. */
export function digitsOf(rows: readonly Row[]): Digits {
  return {
    extremes: mostDecimals(rows.flatMap(({ min, max }) => [min, max])),
    averages: mostDecimals(rows.map(({ avg }) => avg)),
  };
}

/** The numbers of a row, in the order of its columns. */
export function rowNumbers(row: Row, { unit, now }: Shown, digits = digitsOf([row])): Told[] {
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

function furtherNumber(name: string, value: number | string, unit: Unit, count: number): Told {
  if (typeof value === 'string') return { name, text: value, sign: '' };
  const kind = kindOf(name);
  const text = formatNumber(convert(value, unit, kind, count), decimals(value));
  return { name, text, sign: unitSign(unit, kind) };
}

function missingText({ missing = 0, end }: Row, now: number): string {
  return end > now && missing > 0 ? `${formatCount(missing)} to come` : formatCount(missing);
}

/** What a row is about: its stretch of time. */
export function rowTitle(row: Row, { zone, now }: Shown): string {
  const span = formatSpan(row.start, row.end, zone);
  return row.end > now ? `${span}, goes on` : `${span} (${formatLength(row.end - row.start)})`;
}

/** The numbers of one sensor. */
export function oneTip(row: Row, shown: Shown): Node[] {
  const body = make('tbody');
  for (const { name, text, sign } of rowNumbers(row, shown)) {
    const isWarning = name === 'missing' && isIncomplete(row, shown.now);
    const number = make('td', isWarning ? { class: 'some' } : {}, `${text} ${sign}`.trim());
    body.append(make('tr', {}, make('th', { scope: 'row' }, name), number));
  }
  return [make('p', {}, rowTitle(row, shown)), make('table', {}, body)];
}

const COLUMNS = ['minimum', 'average', 'maximum', 'readings', 'missing'];

/** A line for each of several sensors. */
export function manyTip(rows: readonly [series: SensorRows, row: Row][], shown: Shown): Node[] {
  const body = make('tbody');
  for (const [{ sensor }, row] of rows) {
    const numbers = new Map(rowNumbers(row, shown).map(({ name, text }) => [name, text]));
    const cells = COLUMNS.map((name) => make('td', {}, numbers.get(name) ?? '–'));
    body.append(make('tr', {}, make('th', { scope: 'row' }, sensor), ...cells));
  }
  const first = rows[0]?.[1];
  const titles = [unitSign(shown.unit), ...COLUMNS].map((text) => make('th', {}, text));
  const header = make('thead', {}, make('tr', {}, ...titles));
  return [make('p', {}, first === undefined ? '' : rowTitle(first, shown)), make('table', {}, header, body)];
}

/** Beside the cursor, on the side where there is room. */
export function placeTip(tip: HTMLElement, left: number, top: number, width: number): void {
  const beside = 14;
  const room = width - left - beside;
  const own = tip.offsetWidth;
  const right = room >= own || left < own + beside;
  const x = right ? Math.min(left + beside, Math.max(0, width - own)) : left - beside - own;
  tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(top)}px)`;
}

/** The least that says something, for a chart that follows the cursor of another one. */
export function briefTip(row: Row, { unit }: Shown): (Node | string)[] {
  const digits = mostDecimals([row.min, row.max]);
  const [avg, min, max] = [row.avg, row.min, row.max].map((value) => formatTemperature(value, unit, digits));
  return [make('b', {}, avg ?? ''), ` ${min} to ${max}`];
}
