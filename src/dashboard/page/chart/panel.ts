/** A panel: the facts of one sensor beside its chart, or of several above theirs. */

import { unitSign } from '../data/display-units.ts';
import { formatSpan, formatTemperature, mostDecimals } from '../data/format.ts';
import { type Row, rowsIn, totalOf } from '../data/row.ts';
import { rowNumbers, rowTitle } from '../data/row-text.ts';
import type { Entry, SensorRows } from '../data/series-json.ts';
import type { Span } from '../data/time-range.ts';
import { make } from '../shell/dom.ts';
import { lineOf } from '../shell/theme.ts';
import type { ChartSetting } from './chart-options.ts';
import { lineSample } from './line-sample.ts';
import { createFacts, type Facts, type FactsSetting, fillTotals } from './sensor-facts.ts';
import { type Chart, createChart } from './uplot-chart.ts';

/** The rows and entries that a panel shows. */
interface Content {
  readonly entries: readonly Entry[];
  /** The rows of each sensor; undefined while they are on the way. */
  readonly series: readonly (SensorRows | undefined)[];
  readonly span: Span;
}

/** A panel in its element. */
export interface Panel {
  readonly element: HTMLElement;
  readonly sensors: readonly string[];
  readonly chart: Chart;
  update(content: Content): void;
  focus(): void;
  destroy(): void;
}

/** What a panel shows, and what can be done in it. */
export interface PanelSetting extends ChartSetting, FactsSetting {
  /** Goes to where the newest rows are. */
  showNewest(): void;
  /** For those who hear the page. */
  speak(text: string): void;
}

/** A panel of these sensors; its chart is made when it is first shown. */
export function createPanel(setting: PanelSetting): Panel {
  const { sensors } = setting;
  const facts = sensors.map((sensor) => createFacts(sensor, setting));
  const totals = make('dl', { class: 'totals' });
  const note = createNote(setting);
  const role = { role: 'group', 'aria-roledescription': 'chart' };
  const host = make('div', { class: 'chart', tabindex: '0', ...role });
  const about = sensors.length === 1 ? aboutOne(facts, totals) : aboutMany(facts, setting);
  const element = make('section', sectionOf(sensors), about, host);
  // The same empty rows at each update, or the chart would take them for new ones.
  const nothing = sensors.map((sensor) => ({ sensor, step: 0, thinned: false, rows: [] }));
  let chart: Chart | undefined;
  const charted = () => (chart ??= createChart(host, setting));
  host.append(note);
  attachArrows(host, charted, setting);
  return {
    element,
    sensors,
    get chart() {
      return charted();
    },
    update({ entries, series, span }) {
      for (const fact of facts) fact.tick(entries);
      const shown = nothing.map((none, at) => series[at] ?? none);
      charted().show(shown, span);
      const rows = series.flatMap((each) => rowsIn(each?.rows ?? [], span));
      const isLoading = series.includes(undefined);
      fillTotals(totals, rows, setting.unit, setting.now());
      host.setAttribute('aria-label', summary(setting, rows, span));
      host.setAttribute('aria-busy', `${isLoading}`);
      note.hidden = rows.length > 0 || isLoading;
    },
    focus: () => host.focus({ preventScroll: true }),
    destroy() {
      chart?.destroy();
      element.remove();
    },
  };
}

function sectionOf([first = '', second]: readonly string[]) {
  const isOne = second === undefined;
  return { class: isOne ? 'panel' : 'panel together', 'aria-label': isOne ? first : 'Sensors together' };
}

function aboutOne(facts: readonly Facts[], totals: HTMLElement): HTMLElement {
  return make('div', { class: 'about' }, ...facts.flatMap(({ parts }) => parts), totals);
}

function aboutMany(facts: readonly Facts[], { theme }: PanelSetting): HTMLElement {
  const items = facts.map(({ parts }, at) => make('li', {}, lineSample(lineOf(theme, at)), ...parts));
  return make('div', { class: 'about' }, make('ul', { class: 'lines' }, ...items));
}

function createNote({ showNewest }: PanelSetting): HTMLElement {
  const button = make('button', { type: 'button' }, 'Go to the newest rows');
  button.onclick = showNewest;
  return make('div', { class: 'note', hidden: '' }, make('span', {}, 'No rows in this time.'), button);
}

function summary({ sensors, unit, zone }: PanelSetting, rows: readonly Row[], { from, to }: Span): string {
  const { min = null, max = null } = totalOf(rows) ?? {};
  const digits = mostDecimals([min, max]);
  const [low, high] = [min, max].map(
    (value) => `${formatTemperature(value, unit, digits)} ${unitSign(unit)}`,
  );
  return `${sensors.join(', ')}: ${rows.length} rows, ${formatSpan(from, to, zone)}, ${low} to ${high}`;
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: -Infinity,
  End: Infinity,
};

/** Moves row by row with the arrows, and speaks the numbers. */
function attachArrows(host: HTMLElement, chart: () => Chart, setting: PanelSetting): void {
  host.addEventListener('keydown', (event) => {
    const by = STEPS[event.key];
    if (by === undefined || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const row = chart().step(by);
    if (row === undefined) return;
    const shown = { unit: setting.unit, zone: setting.zone, now: setting.now() };
    const numbers = rowNumbers(row, shown).map(({ name, text, sign }) => `${name} ${text} ${sign}`);
    setting.speak([setting.sensors[0], rowTitle(row, shown), ...numbers].join(', '));
  });
  host.addEventListener('blur', () => chart().hideCursor());
}
