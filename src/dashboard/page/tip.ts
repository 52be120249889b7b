/** The box beside the cursor, with all the numbers of the rows there. */

import type { SensorRows } from './api.ts';
import { make } from './dom.ts';
import {
  formatCount,
  formatFurther,
  formatLength,
  formatSpan,
  formatTemperature,
  mostDecimals,
  type Zone,
} from './format.ts';
import type { Row } from './rows.ts';
import { type Unit, unitSign } from './units.ts';

export interface Shown {
  readonly unit: Unit;
  readonly zone: Zone;
  readonly now: number;
}

/** Name and text of each number of a row, in the order of its columns. */
export function rowNumbers(row: Row, { unit, now }: Shown): [name: string, text: string][] {
  const digits = mostDecimals([row.min, row.max]);
  const sign = ` ${unitSign(unit)}`;
  const numbers: [string, string][] = [
    ['minimum', formatTemperature(row.min, unit, digits) + sign],
    ['average', formatTemperature(row.avg, unit, mostDecimals([row.avg])) + sign],
    ['maximum', formatTemperature(row.max, unit, digits) + sign],
    ['readings', formatCount(row.count)],
  ];
  if (row.missing !== undefined) numbers.push(['missing', missingText(row, now)]);
  if (row.rows > 1) numbers.push(['rows', formatCount(row.rows)]);
  for (const [name, value] of row.further) numbers.push([name, formatFurther(name, value, unit, row.count)]);
  return numbers;
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
  for (const [name, text] of rowNumbers(row, shown)) {
    const isWarning = name === 'missing' && row.missing !== 0 && row.end <= shown.now;
    const number = make('td', isWarning ? { class: 'some' } : {}, text);
    body.append(make('tr', {}, make('th', { scope: 'row' }, name), number));
  }
  return [make('p', {}, rowTitle(row, shown)), make('table', {}, body)];
}

/** A line for each of several sensors. */
export function manyTip(rows: readonly [series: SensorRows, row: Row][], shown: Shown): Node[] {
  const head = ['', 'min', 'avg', 'max', 'readings', 'missing'];
  const body = make('tbody');
  for (const [{ sensor }, row] of rows) {
    const [min, avg, max, count, missing] = rowNumbers(row, shown).map(([, text]) => text);
    const told = row.missing === undefined ? '–' : (missing ?? '');
    const cells = [min, avg, max, count, told].map((text) => make('td', {}, text ?? ''));
    body.append(make('tr', {}, make('th', { scope: 'row' }, sensor), ...cells));
  }
  const first = rows[0]?.[1];
  const header = make('thead', {}, make('tr', {}, ...head.map((text) => make('th', {}, text))));
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
