/** The panels: one for each sensor, or one for all. Those out of view cost nothing. */

import type { SensorRows } from '../data/series-json.ts';
import type { SeriesLook } from '../data/series-look.ts';
import { type Content, createPanel, type Panel, type PanelSetting } from './panel.ts';

const NEAR = '400px';

export interface Panels {
  /** Shows panels for these groups of sensors; rebuilds them when the groups or the key `look` change. */
  show(groups: readonly (readonly SeriesLook[])[], look: string, setting: Omit<PanelSetting, 'looks'>): void;
  /** The sensors of panels in or near the viewport. */
  inSight(): string[];
  /** Shows rows in the panels in or near the viewport. */
  update(content: Omit<Content, 'series'>, rows: (sensor: string) => SensorRows | undefined): void;
  /** Removes all panels. */
  clear(): void;
  all(): readonly Panel[];
}

/** @param seen called when other panels scroll into view */
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
      const focused = panels.find(({ element }) => element.contains(document.activeElement))?.looks[0];
      clear();
      key = next;
      panels = groups.map((looks) => createPanel({ ...setting, looks }));
      host.replaceChildren(...panels.map(({ element }) => element));
      host.classList.toggle('alone', groups.length === 1);
      for (const { element } of panels) sight.watch(element);
      const again = panels.find(({ looks }) => looks.some(({ sensor }) => sensor === focused?.sensor));
      again?.focus();
    },
    inSight: () => visible().flatMap(({ looks }) => looks.map(({ sensor }) => sensor)),
    update(content, rows) {
      for (const panel of visible())
        panel.update({ ...content, series: panel.looks.map(({ sensor }) => rows(sensor)) });
    },
    all: () => panels,
  };
}

/** Tracks which elements are in or near the viewport. */
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
      // Checked immediately, so that the first charts need not wait for the observer.
      if (element.getBoundingClientRect().top < innerHeight) near.add(element);
      observer.observe(element);
    },
    clear(): void {
      observer.disconnect();
      near.clear();
    },
  };
}
