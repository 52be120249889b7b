/** The entry point of the dashboard page: holds the state, and renders the current page after each change. */

import { mount as mountCharts } from './chart/mount.ts';
import { showCaption } from './controls/caption.ts';
import { attachCommands } from './controls/commands.ts';
import { createControls } from './controls/controls.ts';
import { type CatalogChange, followCatalog } from './data/live-catalog.ts';
import { createLoader } from './data/rows-loader.ts';
import { rowsNeeded, selectionOf } from './data/selection.ts';
import type { Entry } from './data/series-json.ts';
import { bounded } from './data/time-range.ts';
import { formatView, parseView, type View } from './data/view.ts';
import { createConnection } from './shell/connection.ts';
import { find, setText } from './shell/dom.ts';
import { foreign } from './shell/foreign.ts';
import { createPreferences } from './shell/live-preferences.ts';
import { writeHash } from './shell/location-hash.ts';
import type { Context, Page, State } from './shell/page.ts';
import { oncePerFrame } from './shell/rendering.ts';
import { showProblem, showSections } from './shell/sections.ts';
import { mount as mountTable } from './table/mount.ts';

const TICK_MS = 1000;
/** Width of a chart's axis and margins in pixels. */
const AXIS_PIXELS = 86;

let view = parseView(location.hash);
let problem: string | undefined;

const render = oncePerFrame(renderAll);
const preferences = createPreferences(render);

const context: Context = {
  state,
  now: () => catalog.now(),
  rows: (sensor) => loader.rows(sensor),
  load: (sensors) => loader.want(rowsNeeded(state().selection, sensors, chartPixels())),
  look,
  prefer: preferences.prefer,
  zoomTo: (span) => look({ zoom: bounded(span, state().selection.rows, catalog.now()) }),
  render,
  fail: (error) => setProblem(error instanceof Error ? error.message : `${error}`),
};
const connection = createConnection();
const controls = createControls(context);
const loader = createLoader(setProblem);
const catalog = followCatalog({ changed: applyChange, connected, failed: context.fail });
const pages: Readonly<Record<View['show'], Page>> = {
  chart: mountCharts(find('panels', HTMLElement), context),
  table: mountTable(find('rows', HTMLElement), context),
};

function state(): State {
  const entries = catalog.entries() ?? [];
  const selection = selectionOf(entries, view, controls.filter(), catalog.now());
  return { entries, view, preferences: preferences.now(), theme: preferences.theme(), selection };
}

function look(change: Partial<View>): void {
  const isStep = 'sensor' in change && change.sensor !== view.sensor;
  view = { ...view, ...change };
  writeHash(formatView(view), isStep);
  render();
}

function setProblem(text: string | undefined): void {
  problem = text;
  render();
}

/** Applies a change of the catalog, and reloads the rows of the changed series. */
function applyChange({ changed, isWhole }: CatalogChange): void {
  if (isWhole) problem = undefined;
  const { window } = state().selection;
  loader.changed(changed.filter((entry) => entry.window === window).map(({ sensor }) => sensor));
  render();
}

function connected(isConnected: boolean): void {
  connection.set(isConnected);
  connection.tick(preferences.now().zone);
}

function renderAll(): void {
  showProblem(connection.isLost() ? undefined : problem);
  const entries = catalog.entries();
  if (entries !== undefined) renderEntries(entries);
}

function renderEntries(entries: readonly Entry[]): void {
  showSections(entries.length === 0, view.show);
  const now = state();
  controls.show(now);
  if (entries.length === 0) return;
  for (const page of Object.values(pages)) if (page !== pages[view.show]) page.leave();
  pages[view.show].show(now);
  showCaption(now, context);
  document.title = view.sensor === undefined ? 'etlutils' : `${foreign(view.sensor)} – etlutils`;
}

/** Horizontal pixels available for rows, in device pixels up to a ratio of 2. */
function chartPixels(): number {
  const chart = document.querySelector('.chart') ?? find('main', HTMLElement);
  return (chart.clientWidth - AXIS_PIXELS) * Math.min(devicePixelRatio, 2);
}

attachCommands(context);
setText(
  find('command', HTMLElement),
  `get-stats -w 1h temperature.log | load-stats --to ${new URL('api/stats', location.href)}`,
);
controls.show(state());
addEventListener('resize', render);
addEventListener('popstate', () => {
  view = parseView(location.hash);
  render();
});
setInterval(() => {
  connection.tick(preferences.now().zone);
  render();
}, TICK_MS);
