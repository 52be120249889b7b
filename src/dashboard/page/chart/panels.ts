/** The panels: one for each sensor, or one for all. Those out of sight cost nothing. */

import type { Entry, SensorRows } from '../data/series-json.ts';
import type { Span } from '../data/time-range.ts';
import { createPanel, type Panel, type PanelSetting } from './panel.ts';

const NEAR = '400px';

export interface Panels {
  /** Makes panels for these groups of sensors, anew when the sensors or `look`, a text, have changed. */
  show(groups: readonly (readonly string[])[], look: string, setting: Omit<PanelSetting, 'sensors'>): void;
  /** The sensors of panels in sight, or nearly so. */
  inSight(): string[];
  /** Shows rows in the panels in sight. */
  update(entries: readonly Entry[], span: Span, rows: (sensor: string) => SensorRows | undefined): void;
  /** Removes all panels. */
  clear(): void;
  all(): readonly Panel[];
}

/** @param seen called when other panels have come into sight */
export function createPanels(host: HTMLElement, seen: () => void): Panels {
  let panels: Panel[] = [];
  let key = '';
  const sight = watchSight(seen);
  const clear = () => {
    sight.clear();
    for (const panel of panels) panel.destroy();
    panels = [];
    key = '';
  };
  const visible = () => panels.filter(({ element }) => sight.near.has(element));
  return {
    clear,
    show(groups, look, setting) {
      const next = JSON.stringify([groups, look]);
      if (next === key) return;
      const focused = panels.find(({ element }) => element.contains(document.activeElement))?.sensors[0];
      clear();
      key = next;
      panels = groups.map((sensors) => createPanel({ ...setting, sensors }));
      host.replaceChildren(...panels.map(({ element }) => element));
      host.classList.toggle('alone', groups.length === 1);
      for (const { element } of panels) sight.watch(element);
      if (focused !== undefined) panels.find(({ sensors }) => sensors.includes(focused))?.focus();
    },
    inSight: () => visible().flatMap(({ sensors }) => sensors),
    update(entries, span, rows) {
      for (const panel of visible()) panel.update({ entries, span, series: panel.sensors.map(rows) });
    },
    all: () => panels,
  };
}

/** Which of the watched elements are in sight, or nearly so. */
function watchSight(seen: () => void) {
  const near = new Set<Element>();
  const observer = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) near[isIntersecting ? 'add' : 'delete'](target);
      seen();
    },
    { rootMargin: NEAR },
  );
  return {
    near,
    watch(element: Element): void {
      // Asked at once, so that the first charts need not wait for the observer.
      if (element.getBoundingClientRect().top < innerHeight) near.add(element);
      observer.observe(element);
    },
    clear(): void {
      observer.disconnect();
      near.clear();
    },
  };
}
