/**
 * The page. What is looked at (the address after #), what a person likes, what the server told: each change of one of
 * them is followed by one rendering, in which all parts show what they are given.
 */

import { fileName, savePng } from './chart/chart-picture.ts';
import { createPanels } from './chart/panels.ts';
import { showCaption, spanText } from './controls/caption.ts';
import { attachButtons } from './controls/commands.ts';
import { createControls } from './controls/controls.ts';
import { fetchCatalog } from './data/api.ts';
import { merge, sensorsOf, windowLabel, windowsOf } from './data/catalog.ts';
import { unitSign } from './data/display-units.ts';
import { createLoader } from './data/rows-loader.ts';
import { questionFor, type Scene, sceneOf, wantedFor } from './data/selection.ts';
import { type CatalogJson, type Entry, rowsAddress, toEntries } from './data/series-json.ts';
import { listen } from './data/server-events.ts';
import { bounded, pan, type Span } from './data/time-range.ts';
import { parseView, type View } from './data/view.ts';
import { drawPanels } from './picture.ts';
import { createConnection } from './shell/connection.ts';
import { find, setText } from './shell/dom.ts';
import { writeAddress } from './shell/location-hash.ts';
import { keepPreferences, loadPreferences, type Preferences } from './shell/preferences.ts';
import { showProblem, showSections } from './shell/sections.ts';
import { applyTheme, isDark, onSchemeChange } from './shell/theme.ts';
import { createTable } from './table/rows-table.ts';

const TICK_MS = 1000;
/** The width of the axis and the margins of a chart. */
const BESIDE_PIXELS = 66;

let view = parseView(location.hash);
let preferences = loadPreferences();
let theme = applyTheme(preferences.theme);
let entries: readonly Entry[] | undefined;
let problem: string | undefined;
let aheadMs = 0;
let isDue = false;
let wasLost = false;

const connection = createConnection();
const controls = createControls({ look, prefer, filtered: render });
const panels = createPanels(find('panels', HTMLElement), render);
const showTable = createTable(find('rows', HTMLElement));
const loader = createLoader((what) => {
  problem = what;
  render();
});

/** The server's clock, which the rows go by. */
function now(): number {
  return Date.now() + aheadMs;
}

function scene(): Scene {
  return sceneOf(entries ?? [], view, controls.filter(), now());
}

/** Looks at something else. */
function look(change: Partial<View>): void {
  const isStep = 'sensor' in change && change.sensor !== view.sensor;
  view = { ...view, ...change };
  writeAddress(view, isStep);
  render();
}

function prefer(change: Partial<Preferences>): void {
  preferences = { ...preferences, ...change };
  keepPreferences(preferences);
  theme = applyTheme(preferences.theme);
  render();
}

function zoomTo(span: Span): void {
  look({ zoom: bounded(span, scene().rows, now()) });
}

function reset(): void {
  look({ zoom: undefined });
}

/** As long as what is shown, at the end of the rows. */
function showNewest(): void {
  const { rows, span } = scene();
  if (rows !== undefined) zoomTo(pan(span, (rows.to - span.to) / (span.to - span.from)));
}

/** Once for all changes until the next frame. */
function render(): void {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    showProblem(connection.isLost() ? undefined : problem);
    if (entries !== undefined) renderAll(entries);
  });
}

function renderAll(known: readonly Entry[]): void {
  const isTable = view.show === 'table';
  showSections(known.length === 0, isTable);
  const shown = scene();
  controls.show(known, { ...view, range: shown.range, window: shown.window }, preferences);
  if (known.length === 0) return;
  if (isTable) panels.show([], '', panelSetting(shown));
  else panels.show(shown.groups, lookOfPanels(), panelSetting(shown));
  loader.want(wantedFor(shown, isTable ? shown.sensors : panels.inSight(), chartPixels()));
  panels.update(known, shown.span, loader.rows);
  describe(known, shown, isTable);
}

/** As wide as a chart can show something, on a fine screen too. */
function chartPixels(): number {
  const chart = document.querySelector('.chart') ?? find('main', HTMLElement);
  return (chart.clientWidth - BESIDE_PIXELS) * Math.min(devicePixelRatio, 2);
}

function lookOfPanels(): string {
  return JSON.stringify([preferences.unit, preferences.zone, isDark(preferences.theme)]);
}

function panelSetting({ groups }: Scene) {
  const { unit, zone } = preferences;
  const choose = (sensor: string) => look({ sensor: view.sensor === sensor ? undefined : sensor });
  const speak = (text: string) => setText(find('spoken', HTMLElement), text);
  const moves = { span: () => scene().span, wheels: () => groups.length === 1, zoomTo, reset };
  return { unit, zone, theme, now, choose, speak, showNewest, moves };
}

/** What is not a chart: the caption, the table, what can be downloaded. */
function describe(known: readonly Entry[], shown: Scene, isTable: boolean): void {
  const { zone, unit } = preferences;
  const series = shown.sensors.flatMap((sensor) => loader.rows(sensor) ?? []);
  showCaption({ shown, zone, series, now: now() });
  find('reset', HTMLButtonElement).disabled = view.zoom === undefined;
  find('csv', HTMLAnchorElement).href = rowsAddress('api/stats.csv', questionFor(shown));
  document.title = view.sensor === undefined ? 'etlutils' : `${view.sensor} – etlutils`;
  const caption = `${windowLabel(shown.window, known)}, ${spanText(shown.span, zone)}`;
  if (isTable)
    showTable(series, { unit, zone, now: now(), caption, span: shown.span, withSensor: shown.of > 1 });
}

function save(): void {
  const shown = scene();
  const names = shown.sensors.length === 1 ? shown.sensors : [`${shown.sensors.length} sensors`];
  const words = [...names, windowLabel(shown.window, entries ?? []), unitSign(preferences.unit)];
  const title = `${words.join(', ')}, ${spanText(shown.span, preferences.zone)}`;
  savePng(drawPanels(panels.all(), title, theme), fileName([...names, shown.window], 'png')).catch(fail);
}

function fail(error: unknown): void {
  problem = error instanceof Error ? error.message : `${error}`;
  render();
}

/** Takes over what the server told; rows of these sensors are asked for again. */
function told(next: readonly Entry[], changed: readonly Entry[]): void {
  entries = next;
  const { window } = scene();
  loader.changed(changed.filter((entry) => entry.window === window).map(({ sensor }) => sensor));
  render();
}

function hello(catalog: CatalogJson): void {
  if (catalog.now !== undefined) aheadMs = Date.parse(catalog.now) - Date.now();
  problem = undefined;
  const next = toEntries(catalog);
  const known = new Set(entries?.map((entry) => JSON.stringify(entry)));
  const others = next.filter((entry) => !known.has(JSON.stringify(entry)));
  // Of what changed while nobody was heard the list does not say all.
  told(next, wasLost ? next : others);
  wasLost = false;
}

listen({
  hello,
  change: (catalog) => {
    const changed = toEntries(catalog);
    told(merge(entries ?? [], changed), changed);
  },
  connected: (isConnected) => {
    connection.set(isConnected);
    wasLost ||= !isConnected;
    connection.tick(preferences.zone);
  },
});
attachButtons({
  ...{ look, prefer, zoomTo, savePng: save },
  view: () => view,
  preferences: () => preferences,
  span: () => scene().span,
  sensors: () => sensorsOf(entries ?? []),
  windows: () => windowsOf(entries ?? []),
  window: () => scene().window,
  isDark: () => isDark(preferences.theme),
});
setText(
  find('command', HTMLElement),
  `get-stats -w 1h temperature.log | load-stats --to ${new URL('api/stats', location.href)}`,
);
controls.show([], view, preferences);
onSchemeChange(() => prefer({}));
addEventListener('resize', render);
addEventListener('popstate', () => {
  view = parseView(location.hash);
  render();
});
setInterval(() => {
  connection.tick(preferences.zone);
  if (entries !== undefined) panels.tick(entries);
  render();
}, TICK_MS);
// The list comes sooner than the first event, and where a proxy holds events back it comes at all.
fetchCatalog().then((catalog) => entries === undefined && hello(catalog), fail);
