/** The rows of the charts as a table, newest first. */

import type { Unit } from '../data/display-units.ts';
import { formatAge, formatTime } from '../data/format.ts';
import type { Entry, SensorRows } from '../data/series-json.ts';
import type { Span } from '../data/time-range.ts';
import { make, warned } from '../shell/dom.ts';
import { type GapLine, type NumberedLine, newestFirst, type TableStyle, withNumbers } from './table-lines.ts';

/** Number of rows per page; more are shown on request. */
const PAGE = 400;

interface TableSetting extends TableStyle {
  readonly unit: Unit;
  readonly caption: string;
  readonly span: Span;
  /** The series of the window. */
  readonly entries: readonly Entry[];
  readonly withSensor: boolean;
}

/** Unit symbols by numeric column; undefined if they differ and must stand beside each number. */
type Signs = ReadonlyMap<string, string | undefined>;

type ShowTable = (series: readonly SensorRows[], setting: TableSetting) => void;

/** Creates a function that shows rows as a table in this element; it does nothing if they are unchanged. */
export function createTable(host: HTMLElement): ShowTable {
  let most = PAGE;
  let drawn: readonly unknown[] = [];
  // A scrollable element must be reachable by keyboard.
  host.tabIndex = 0;
  const show: ShowTable = (series, setting) => {
    const state = [...series, most, setting.unit, setting.zone, setting.caption];
    if (state.length === drawn.length && state.every((each, at) => each === drawn[at])) return;
    drawn = state;
    const rows = newestFirst(series, { ...setting.span, ...setting });
    const lines = withNumbers(rows.slice(0, most), setting);
    const signs = signsOf(lines);
    const body = make('tbody', {}, ...lines.map((line) => elementOf(line, signs, setting)));
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

function head(signs: Signs, { withSensor }: TableSetting): HTMLElement {
  const words = [...(withSensor ? ['sensor'] : []), 'from', 'to'];
  const numbers = [...signs].map(([name, sign = '']) => `${name} ${sign}`.trim());
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

/** The numeric columns, with the unit symbol that all rows share, if any. */
function signsOf(lines: readonly (NumberedLine | GapLine)[]): Signs {
  const signs = new Map<string, string | undefined>();
  for (const line of lines)
    for (const { name, sign } of 'row' in line ? line.numbers : [])
      signs.set(name, signs.has(name) && signs.get(name) !== sign ? undefined : sign);
  return signs;
}

function elementOf(line: NumberedLine | GapLine, signs: Signs, setting: TableSetting): HTMLElement {
  return 'row' in line ? rowElement(line, signs, setting) : gapElement(line, signs.size, setting);
}

function rowElement(
  { sensor, row, numbers }: NumberedLine,
  signs: Signs,
  setting: TableSetting,
): HTMLElement {
  const cells = [...signs].map(([name, common]) => {
    const number = numbers.find((each) => each.name === name);
    if (number === undefined) return make('td');
    const text = common === undefined ? `${number.text} ${number.sign}`.trim() : number.text;
    return number.isWarning ? make('td', { class: 'some' }, ...warned(text)) : make('td', {}, text);
  });
  return make('tr', {}, ...wordsOf(sensor, { from: row.start, to: row.end }, setting), ...cells);
}

function gapElement({ sensor, from, to }: GapLine, columns: number, setting: TableSetting): HTMLElement {
  const told = make('td', { colspan: `${Math.max(columns, 1)}` }, `no rows for ${formatAge(to - from)}`);
  return make('tr', { class: 'gap' }, ...wordsOf(sensor, { from, to }, setting), told);
}

function wordsOf(sensor: string, { from, to }: Span, { withSensor, zone }: TableSetting): HTMLElement[] {
  const words = [...(withSensor ? [sensor] : []), formatTime(from, zone), formatTime(to, zone)];
  return words.map((text) => make('td', { class: 'words' }, text));
}
