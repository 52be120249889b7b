/** A panel: a chart, with the facts of its sensor beside it, or the legend of several above it. */

import { formatSpan, mostDecimals } from '../data/format.ts';
import { numberWithSign } from '../data/number-text.ts';
import { type Row, rowsIn, totalOf } from '../data/row.ts';
import { storedRows } from '../data/row-counts.ts';
import { rowNumbers, rowTitle } from '../data/row-text.ts';
import type { Entry, SensorRows } from '../data/series-json.ts';
import type { SeriesLook } from '../data/series-look.ts';
import type { Span } from '../data/time-range.ts';
import { make } from '../shell/dom.ts';
import type { ChartSetting } from './chart-options.ts';
import { type About, type AboutSetting, aboutMany, aboutOne } from './panel-about.ts';
import { breachText } from './sensor-facts.ts';
import { type Chart, createChart } from './uplot-chart.ts';

/** The rows and entries that a panel shows. */
export interface Content {
  readonly entries: readonly Entry[];
  /** The rows of each sensor; undefined while they load. */
  readonly series: readonly (SensorRows | undefined)[];
  readonly span: Span;
  /** Hidden sensors in a chart of several. */
  readonly hidden: readonly string[];
}

/** A panel in its element. */
export interface Panel {
  readonly element: HTMLElement;
  readonly looks: readonly SeriesLook[];
  readonly chart: Chart;
  update(content: Content): void;
  focus(): void;
  destroy(): void;
}

/** What a panel displays, and its actions. */
export interface PanelSetting extends ChartSetting, AboutSetting {
  /** Moves to the newest rows. */
  showNewest(): void;
  /** Announces text to screen readers. */
  speak(text: string): void;
}

/** A panel of these sensors; its chart is created when it is first shown. */
export function createPanel(setting: PanelSetting): Panel {
  const { looks } = setting;
  const isOne = looks.length === 1;
  const about: About = isOne ? aboutOne(setting) : aboutMany(setting);
  const note = createNote(setting);
  const role = { role: 'group', 'aria-roledescription': 'chart' };
  const host = make('div', { class: 'chart', tabindex: '0', ...role });
  const element = make('section', sectionOf(looks), about.element, host);
  // One constant value for all updates: the chart redraws when its rows are another object.
  const nothing = looks.map(({ sensor }) => ({ sensor, step: 0, thinned: false, rows: [] }));
  let chart: Chart | undefined;
  const charted = () => (chart ??= createChart(host, setting));
  host.append(note);
  attachArrows(host, charted, setting);
  return {
    element,
    looks,
    get chart() {
      return charted();
    },
    update({ entries, series, span, hidden }) {
      const isHidden = (at: number) => !isOne && hidden.includes(looks[at]?.sensor ?? '');
      const shown = nothing.map((none, at) => (isHidden(at) ? none : (series[at] ?? none)));
      charted().show(shown, span, hidden);
      const rows = shown.map((each) => rowsIn(each.rows, span));
      about.update({ entries, rows, hidden });
      const isLoading = series.includes(undefined);
      host.setAttribute('aria-label', summary(setting, rows, span));
      host.setAttribute('aria-busy', `${isLoading}`);
      note.hidden = rows.some((each) => each.length > 0) || isLoading || looks.every((_, at) => isHidden(at));
    },
    focus: () => host.focus({ preventScroll: true }),
    destroy() {
      chart?.destroy();
      element.remove();
    },
  };
}

function sectionOf([first, second]: readonly SeriesLook[]) {
  const isOne = second === undefined;
  return {
    class: isOne ? 'panel' : 'panel together',
    'aria-label': isOne ? (first?.sensor ?? '') : 'Sensors together',
  };
}

function createNote({ showNewest }: PanelSetting): HTMLElement {
  const button = make('button', { type: 'button' }, 'Go to the newest rows');
  button.onclick = showNewest;
  return make('div', { class: 'note', hidden: '' }, make('span', {}, 'No rows in this period.'), button);
}

/** The label for screen readers: for each sensor, its rows, their range, and how many are beyond its limits. */
function summary(
  { looks, zone }: PanelSetting,
  rows: readonly (readonly Row[])[],
  { from, to }: Span,
): string {
  const each = looks.map((look, at) => seriesSummary(look, rows[at] ?? []));
  return `${each.join('; ')}; ${formatSpan(from, to, zone)}`;
}

function seriesSummary({ sensor, display, limits }: SeriesLook, rows: readonly Row[]): string {
  const { min = null, max = null } = totalOf(rows) ?? {};
  const digits = mostDecimals([min, max]);
  const [low, high] = [min, max].map((value) => numberWithSign(value, display, { digits }));
  return `${sensor}: ${storedRows(rows)} rows, ${low} to ${high}${breachText(rows, limits)}`;
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: -Infinity,
  End: Infinity,
};

/** Arrow keys step through the rows and announce their numbers. */
function attachArrows(host: HTMLElement, chart: () => Chart, setting: PanelSetting): void {
  host.addEventListener('keydown', (event) => {
    const by = STEPS[event.key];
    if (by === undefined || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const row = chart().step(by);
    const [look] = setting.looks;
    if (row === undefined || look === undefined) return;
    const shown = { ...look, zone: setting.zone, now: setting.now() };
    const numbers = rowNumbers(row, shown).map(({ name, text, sign, isWarning }) =>
      [name, text, sign, isWarning ? '(warning)' : ''].filter((word) => word !== '').join(' '),
    );
    setting.speak([look.sensor, rowTitle(row, shown), ...numbers].join(', '));
  });
  host.addEventListener('blur', () => chart().hideCursor());
}
