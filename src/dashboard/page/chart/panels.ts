/** The panels of the page: one for each sensor, or one for all. Those out of sight cost nothing. */

import type { Entry, SensorRows } from '../data/series-json.ts';
import type { Span } from '../data/time-range.ts';
import { createPanel, type Panel, type PanelSetting } from './panel.ts';

const NEAR = '400px';

export interface Panels {
  /** Makes them anew when they are for other sensors or look otherwise; `look` is what they look like. */
  show(groups: readonly (readonly string[])[], look: string, setting: Omit<PanelSetting, 'sensors'>): void;
  /** The sensors of panels in sight, or nearly so. */
  inSight(): string[];
  update(entries: readonly Entry[], span: Span, rows: (sensor: string) => SensorRows | undefined): void;
  tick(entries: readonly Entry[]): void;
  all(): readonly Panel[];
}

/** `seen` is called when other panels have come into sight. */
export function createPanels(host: HTMLElement, seen: () => void): Panels {
  let panels: Panel[] = [];
  let key = '';
  const near = new Set<Element>();
  const observer = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) near[isIntersecting ? 'add' : 'delete'](target);
      seen();
    },
    { rootMargin: NEAR },
  );
  const visible = () => panels.filter(({ element }) => near.has(element));
  return {
    show(groups, look, setting) {
      const next = JSON.stringify([groups, look]);
      if (next === key) return;
      key = next;
      const focused = panels.find(({ element }) => element.contains(document.activeElement))?.sensors[0];
      observer.disconnect();
      near.clear();
      for (const panel of panels) panel.destroy();
      panels = groups.map((sensors) => createPanel({ ...setting, sensors }));
      host.replaceChildren(...panels.map(({ element }) => element));
      host.classList.toggle('alone', groups.length === 1);
      for (const { element } of panels) {
        if (isNear(element)) near.add(element);
        observer.observe(element);
      }
      if (focused !== undefined) panels.find(({ sensors }) => sensors.includes(focused))?.focus();
    },
    inSight: () => visible().flatMap(({ sensors }) => sensors),
    update(entries, span, rows) {
      for (const panel of visible()) panel.update({ entries, span, series: panel.sensors.map(rows) });
    },
    tick(entries) {
      for (const panel of visible()) panel.tick(entries);
    },
    all: () => panels,
  };
}

/** Known at once, so that the first charts need not wait for the observer. */
function isNear(element: Element): boolean {
  return element.getBoundingClientRect().top < innerHeight;
}
