/** The rows of the charts as a table, newest first. */

import type { SensorRows } from './api.ts';
import { icon, make } from './dom.ts';
import { formatLength, formatTime } from './format.ts';
import type { Span } from './range.ts';
import { isIncomplete, type Row, rowsIn } from './rows.ts';
import { rowNumbers, type Shown } from './tip.ts';
import { unitSign } from './units.ts';

const PAGE = 400;

interface Line {
  readonly sensor: string;
  readonly row: Row;
  /** How long there was nothing before it; 0 without a gap. */
  readonly gap: number;
}

export interface TableSetting extends Shown {
  readonly caption: string;
  readonly span: Span;
  readonly withSensor: boolean;
}

/** More than a page is shown on request. */
export function createTable(
  host: HTMLElement,
): (series: readonly SensorRows[], setting: TableSetting) => void {
  let most = PAGE;
  // It scrolls, so it has to be in reach of the keyboard.
  host.tabIndex = 0;
  let drawn: unknown[] = [];
  const render = (series: readonly SensorRows[], setting: TableSetting) => {
    const state = [...series, most, setting.unit, setting.zone, setting.caption];
    if (state.length === drawn.length && state.every((one, at) => one === drawn[at])) return;
    drawn = state;
    const lines = newestFirst(series, setting.span);
    const names = [...new Set(lines.flatMap(({ row }) => rowNumbers(row, setting).map(([name]) => name)))];
    const body = make('tbody', {}, ...lines.slice(0, most).flatMap((line) => rowsOf(line, names, setting)));
    host.replaceChildren(make('table', {}, caption(setting), head(names, setting), body));
    if (lines.length > most) host.append(moreButton(lines.length - most, () => render(series, setting)));
  };
  const moreButton = (left: number, again: () => void) => {
    const button = make('button', { type: 'button', class: 'more' }, `Older rows (${left})`);
    button.onclick = () => {
      most += PAGE;
      again();
    };
    return button;
  };
  return render;
}

function newestFirst(series: readonly SensorRows[], span: Span): Line[] {
  const lines = series.flatMap(({ sensor, rows }) =>
    rowsIn(rows, span).map((row, at, all) => ({
      sensor,
      row,
      gap: row.gap ? gapBefore(row, all[at - 1]) : 0,
    })),
  );
  return lines.sort((a, b) => b.row.end - a.row.end);
}

function gapBefore(row: Row, before: Row | undefined): number {
  if (before === undefined) return 0;
  return (row.start >= before.end ? row.start : row.end) - before.end;
}

function caption({ caption }: TableSetting): HTMLElement {
  return make('caption', { class: 'hidden' }, caption);
}

function head(names: readonly string[], { withSensor, unit }: TableSetting): HTMLElement {
  const row = make('tr');
  const add = (text: string, isText: boolean) =>
    row.append(make('th', { scope: 'col', ...(isText && { class: 'words' }) }, text));
  if (withSensor) add('sensor', true);
  add('from', true);
  add('to', true);
  for (const name of names) add(DEGREES.has(name) ? `${name} ${unitSign(unit)}` : name, false);
  return make('thead', {}, row);
}

const DEGREES = new Set(['minimum', 'average', 'maximum']);

function rowsOf({ sensor, row, gap }: Line, names: readonly string[], setting: TableSetting): HTMLElement[] {
  const numbers = new Map(rowNumbers(row, setting));
  const line = make('tr');
  if (setting.withSensor) line.append(make('td', { class: 'words', title: sensor }, sensor));
  line.append(make('td', { class: 'words' }, formatTime(row.start, setting.zone)));
  line.append(make('td', { class: 'words' }, formatTime(row.end, setting.zone)));
  for (const name of names) {
    const text = numbers.get(name) ?? '';
    const cell = make('td', {}, DEGREES.has(name) ? text.replace(/ \S+$/, '') : text);
    if (name === 'missing' && isIncomplete(row, setting.now)) {
      cell.className = 'some';
      cell.prepend(icon('warning'));
    }
    line.append(cell);
  }
  if (gap <= 0) return [line];
  const columns = names.length + (setting.withSensor ? 3 : 2);
  const words = `${setting.withSensor ? `${sensor}: ` : ''}no rows for ${formatLength(gap)}`;
  return [line, make('tr', { class: 'gap' }, make('td', { colspan: `${columns}` }, words))];
}
