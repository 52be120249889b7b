/** The rows of the charts as a table, newest first. */

import { formatLength, formatTime } from '../data/format.ts';
import { isIncomplete } from '../data/row.ts';
import type { RowStyle } from '../data/row-text.ts';
import type { SensorRows } from '../data/series-json.ts';
import type { Span } from '../data/time-range.ts';
import { icon, make } from '../shell/dom.ts';
import { newestFirst, type TableLine, withNumbers } from './table-lines.ts';

/** More rows than this are shown on request. */
const PAGE = 400;

interface TableSetting extends RowStyle {
  readonly caption: string;
  readonly span: Span;
  readonly withSensor: boolean;
}

type ShowTable = (series: readonly SensorRows[], setting: TableSetting) => void;

/** A function that shows rows as a table in this element; it does nothing when they are the same as before. */
export function createTable(host: HTMLElement): ShowTable {
  let most = PAGE;
  let drawn: readonly unknown[] = [];
  // It scrolls, so it has to be in reach of the keyboard.
  host.tabIndex = 0;
  const show: ShowTable = (series, setting) => {
    const state = [...series, most, setting.unit, setting.zone, setting.caption];
    if (state.length === drawn.length && state.every((each, at) => each === drawn[at])) return;
    drawn = state;
    const rows = newestFirst(series, setting.span);
    const lines = withNumbers(rows.slice(0, most), setting);
    const signs = new Map(lines.flatMap(({ numbers }) => numbers.map(({ name, sign }) => [name, sign])));
    const body = make('tbody', {}, ...lines.flatMap((line) => rowsOf(line, [...signs.keys()], setting)));
    const caption = make('caption', { class: 'hidden' }, setting.caption);
    host.replaceChildren(make('table', {}, caption, head(signs, setting), body));
    if (rows.length > most) host.append(moreButton(rows.length - most, () => show(series, setting)));
  };
  const moreButton = (left: number, again: () => void) => {
    const button = make('button', { type: 'button', class: 'more' }, `Older rows (${left})`);
    button.onclick = () => {
      most += PAGE;
      again();
    };
    return button;
  };
  return show;
}

function head(signs: ReadonlyMap<string, string>, { withSensor }: TableSetting): HTMLElement {
  const words = [...(withSensor ? ['sensor'] : []), 'from', 'to'];
  const numbers = [...signs].map(([name, sign]) => `${name} ${sign}`.trim());
  return make(
    'thead',
    {},
    make(
      'tr',
      {},
      ...words.map((text) => make('th', { scope: 'col', class: 'words' }, text)),
      ...numbers.map((text) => make('th', { scope: 'col' }, text)),
    ),
  );
}

/** The row, and below it the gap before it, if there is one. */
function rowsOf(
  line: TableLine,
  names: readonly string[],
  { withSensor, zone, now }: TableSetting,
): HTMLElement[] {
  const { sensor, row, gap } = line;
  const words = [...(withSensor ? [sensor] : []), formatTime(row.start, zone), formatTime(row.end, zone)];
  const texts = new Map(line.numbers.map(({ name, text }) => [name, text]));
  const cells = names.map((name) => {
    const isWarning = name === 'missing' && isIncomplete(row, now);
    const text = texts.get(name) ?? '';
    return isWarning ? make('td', { class: 'some' }, icon('warning'), text) : make('td', {}, text);
  });
  const shown = make('tr', {}, ...words.map((text) => make('td', { class: 'words' }, text)), ...cells);
  if (gap <= 0) return [shown];
  const told = `${withSensor ? `${sensor}: ` : ''}no rows for ${formatLength(gap)}`;
  const cell = make('td', { colspan: `${words.length + names.length}` }, told);
  return [shown, make('tr', { class: 'gap' }, cell)];
}
