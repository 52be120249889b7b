/** The tooltip at the cursor, with all the numbers of the rows there. */

import { mostDecimals } from '../data/format.ts';
import { numberText, numberWithSign } from '../data/number-text.ts';
import type { Row } from '../data/row.ts';
import { type RowNumber, type RowStyle, rowNumbers, rowTitle } from '../data/row-text.ts';
import type { SeriesLook } from '../data/series-look.ts';
import { make, warned } from '../shell/dom.ts';
import type { Line } from '../shell/theme.ts';
import { lineSample } from './line-sample.ts';

/** A row at the cursor, with its sensor and line. */
export interface TipRow {
  readonly look: SeriesLook;
  readonly row: Row;
  readonly line: Line;
}

type TipStyle = Pick<RowStyle, 'zone' | 'now'>;

/** The tooltip for one sensor: all numbers of its row. */
export function rowTip({ look, row }: TipRow, style: TipStyle): Node[] {
  const body = make('tbody');
  for (const number of rowNumbers(row, { ...style, ...look }))
    body.append(make('tr', {}, make('th', { scope: 'row' }, number.name), numberCell(number)));
  return [make('p', {}, rowTitle(row, style)), make('table', {}, body)];
}

function numberCell({ text, sign, isWarning }: Omit<RowNumber, 'name'>): HTMLElement {
  const told = `${text} ${sign}`.trim();
  return isWarning ? make('td', { class: 'some' }, ...warned(told)) : make('td', {}, told);
}

const COLUMNS = ['minimum', 'average', 'maximum', 'readings', 'missing'];
const NONE = { text: '–', sign: '', isWarning: false };

/** The tooltip for several sensors: a line for each row. */
export function rowsTip(rows: readonly TipRow[], style: TipStyle): Node[] {
  const body = make('tbody');
  for (const { look, row, line } of rows) {
    const numbers = new Map(rowNumbers(row, { ...style, ...look }).map((each) => [each.name, each]));
    const cells = COLUMNS.map((name) => numberCell(numbers.get(name) ?? NONE));
    body.append(make('tr', {}, make('th', { scope: 'row' }, lineSample(line), look.sensor), ...cells));
  }
  const first = rows[0]?.row;
  const titles = ['', ...COLUMNS].map((text) => make('th', {}, text));
  const header = make('thead', {}, make('tr', {}, ...titles));
  const table = make('table', { class: 'several' }, header, body);
  return [make('p', {}, first === undefined ? '' : rowTitle(first, style)), table];
}

/** Places the tooltip beside the cursor, on the side with room; lengths are pixels. */
export function placeTip(tip: HTMLElement, left: number, top: number, width: number): void {
  const beside = 14;
  const room = width - left - beside;
  const own = tip.offsetWidth;
  const right = room >= own || left < own + beside;
  const x = right ? Math.min(left + beside, Math.max(0, width - own)) : left - beside - own;
  tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(top)}px)`;
}

/** The tooltip of a chart that follows another chart's cursor: the main numbers. */
export function briefTip({ row, look: { display } }: TipRow): (Node | string)[] {
  const digits = mostDecimals([row.min, row.max]);
  const [min, max] = [row.min, row.max].map((value) => numberText(value, display, { digits }).text);
  return [make('b', {}, numberWithSign(row.avg, display, { digits })), ` ${min} to ${max}`];
}
