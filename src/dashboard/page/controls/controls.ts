/** The controls above the charts, which show and change the view and the preferences. */

import { isCelsius } from '../../../stats/known-units.ts';
import { MAX_TOGETHER, sensorsOf, windowLabel, windowsOf } from '../data/catalog.ts';
import type { Entry } from '../data/series-json.ts';
import { isRangeName } from '../data/time-range.ts';
import { bindChoice, find, make } from '../shell/dom.ts';
import type { Context, State } from '../shell/page.ts';
import { createSettings } from '../shell/settings.ts';

/** The filter appears from this number of sensors on. */
const FILTER_FROM = 9;
/** Stands for the automatic window; no window has this name. */
const FITTING = '';
const FITTED = [FITTING, 'Auto'] as const;

interface Controls {
  show(state: State): void;
  /** The typed part of sensor names. */
  filter(): string;
}

/** Binds the controls of index.html. */
export function createControls({ look, prefer, render }: Context): Controls {
  const sensor = find('sensor', HTMLSelectElement);
  const filter = find('filter', HTMLInputElement);
  const setters = {
    window: bindChoice('window', (window) => look({ window: window === FITTING ? undefined : window })),
    range: bindChoice('range', (range) => isRangeName(range) && look({ range, zoom: undefined })),
    layout: bindChoice('layout', (value) => look({ layout: value === 'together' ? value : 'apart' })),
    show: bindChoice('show', (value) => look({ show: value === 'table' ? value : 'chart' })),
    unit: bindChoice('unit', (value) => prefer({ unit: value === 'F' ? value : 'C' })),
  };
  const showSettings = createSettings(prefer);
  // Compared by index, because a sensor may have any name: the first option means all sensors.
  sensor.onchange = () => look({ sensor: sensor.selectedIndex === 0 ? undefined : sensor.value });
  filter.oninput = render;
  return {
    filter: () => filter.value,
    show({ entries, view, preferences, selection }) {
      const isMany = view.sensor === undefined;
      fillSensors(sensor, sensorsOf(entries), view.sensor);
      const windows = fillWindows(entries);
      setters.window(selection.isFitting && windows > 1 ? FITTING : selection.window);
      // A zoom has no range of its own; this is the one that a reset returns to.
      setters.range(selection.range);
      setters.layout(view.layout);
      setters.show(view.show);
      setters.unit(preferences.unit);
      showSettings(preferences);
      find('units', HTMLElement).hidden = !entries.some(({ unit }) => isCelsius(unit));
      const count = sensorsOf(entries).length;
      find('layouts', HTMLElement).hidden = !isMany || count < 2;
      find('filter-label', HTMLElement).hidden = !isMany || count < Math.min(FILTER_FROM, MAX_TOGETHER);
    },
  };
}

function fillSensors(
  select: HTMLSelectElement,
  sensors: readonly string[],
  chosen: string | undefined,
): void {
  const names = chosen === undefined || sensors.includes(chosen) ? sensors : [...sensors, chosen];
  const key = JSON.stringify(names);
  if (select.dataset.names !== key) {
    const options = names.map((name) => make('option', { value: name }, name === '' ? '(no name)' : name));
    select.replaceChildren(make('option', {}, `All sensors (${sensors.length})`), ...options);
    select.dataset.names = key;
  }
  select.selectedIndex = chosen === undefined ? 0 : names.indexOf(chosen) + 1;
}

/** @returns the number of windows */
function fillWindows(entries: readonly Entry[]): number {
  const host = find('windows', HTMLElement);
  const windows = windowsOf(entries).map((window) => [window, windowLabel(window, entries)] as const);
  const key = JSON.stringify(windows);
  if (host.dataset.windows === key) return windows.length;
  host.dataset.windows = key;
  for (const label of host.querySelectorAll('label')) label.remove();
  host.append(
    ...[...(windows.length > 1 ? [FITTED] : []), ...windows].map(([value, text]) =>
      make('label', {}, make('input', { type: 'radio', name: 'window', value }), make('span', {}, text)),
    ),
  );
  return windows.length;
}
