/** The box beside the cursor, with all the numbers of the rows there. */

import { unitSign } from '../data/display-units.ts';
import { formatTemperature, mostDecimals } from '../data/format.ts';
import { isIncomplete, type Row } from '../data/row.ts';
import { type RowStyle, rowNumbers, rowTitle } from '../data/row-text.ts';
import { make } from '../shell/dom.ts';
import type { Line } from '../shell/theme.ts';
import { lineSample } from './line-sample.ts';

/** The numbers of the row of one sensor. */
export function rowTip(row: Row, shown: RowStyle): Node[] {
  const body = make('tbody');
  for (const { name, text, sign } of rowNumbers(row, shown)) {
    const isWarning = name === 'missing' && isIncomplete(row, shown.now);
    const number = make('td', isWarning ? { class: 'some' } : {}, `${text} ${sign}`.trim());
    body.append(make('tr', {}, make('th', { scope: 'row' }, name), number));
  }
  return [make('p', {}, rowTitle(row, shown)), make('table', {}, body)];
}

const COLUMNS = ['minimum', 'average', 'maximum', 'readings', 'missing'];

/** A row of one of several sensors, and how its line looks. */
export interface TipRow {
  readonly sensor: string;
  readonly row: Row;
  readonly line: Line;
}

/** A line for the row of each of several sensors. */
export function rowsTip(rows: readonly TipRow[], shown: RowStyle): Node[] {
  const body = make('tbody');
  for (const { sensor, row, line } of rows) {
    const numbers = new Map(rowNumbers(row, shown).map(({ name, text }) => [name, text]));
    const cells = COLUMNS.map((name) => make('td', {}, numbers.get(name) ?? '–'));
    body.append(make('tr', {}, make('th', { scope: 'row' }, lineSample(line), sensor), ...cells));
  }
  const first = rows[0]?.row;
  const titles = [unitSign(shown.unit), ...COLUMNS].map((text) => make('th', {}, text));
  const header = make('thead', {}, make('tr', {}, ...titles));
  return [
    make('p', {}, first === undefined ? '' : rowTitle(first, shown)),
    make('table', { class: 'several' }, header, body),
  ];
}

/** Puts the box beside the cursor, on the side where it has room; lengths are pixels. */
export function placeTip(tip: HTMLElement, left: number, top: number, width: number): void {
  const beside = 14;
  const room = width - left - beside;
  const own = tip.offsetWidth;
  const right = room >= own || left < own + beside;
  const x = right ? Math.min(left + beside, Math.max(0, width - own)) : left - beside - own;
  tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(top)}px)`;
}

/** The most important numbers, for a chart that follows the cursor of another one. */
export function briefTip(row: Row, { unit }: RowStyle): (Node | string)[] {
  const digits = mostDecimals([row.min, row.max]);
  const [avg, min, max] = [row.avg, row.min, row.max].map((value) => formatTemperature(value, unit, digits));
  return [make('b', {}, avg ?? ''), ` ${min} to ${max}`];
}
