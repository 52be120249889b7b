/** The ordered rows of a Gantt chart, with a roving tabindex: Tab reaches one row, arrow keys the others. */

import { createMeasure } from '../parts/text-width.ts';
import { setTip } from '../tips/tip.ts';
import type { Tip } from '../tips/tip-text.ts';
import { createRow, type RowLook, type RowPicture } from './gantt-row.ts';

export interface GanttRows {
  /** The task whose row contains an element. */
  nameAt(target: EventTarget | null): string | undefined;
  /** Sorts the rows of these tasks, and creates missing ones. The focus stays in its row. */
  arrange(names: readonly string[]): void;
  show(name: string, look: RowLook & { readonly label: string }): void;
  /** Focuses the row that a key leads to. @returns whether it is a navigation key */
  move(from: string, key: string): boolean;
  /** Keeps one row reachable by Tab: the same as before, initially this one, or the first. */
  stayReachable(first: string | undefined): void;
}

/** @param body the parent of the rows */
export function createGanttRows(body: SVGElement, tipOf: (name: string) => Tip): GanttRows {
  const rows = new Map<string, RowPicture>();
  const measure = createMeasure('600 13px');
  let order: readonly string[] = [];
  let reachable: string | undefined;
  const elementOf = (name: string | undefined) => (name === undefined ? undefined : rows.get(name)?.element);
  const reach = (name: string | undefined) => {
    elementOf(reachable)?.setAttribute('tabindex', '-1');
    reachable = name !== undefined && rows.has(name) ? name : order[0];
    elementOf(reachable)?.setAttribute('tabindex', '0');
  };
  const nameAt = (target: EventTarget | null) =>
    target instanceof Element ? order.find((name) => elementOf(name)?.contains(target) === true) : undefined;
  const add = (name: string) => {
    const made = createRow(name, measure);
    setTip(made.element, () => tipOf(name));
    rows.set(name, made);
  };
  return {
    nameAt,
    arrange(names) {
      for (const name of names) if (!rows.has(name)) add(name);
      if (names.join('\n') === order.join('\n')) return;
      const focused = nameAt(document.activeElement);
      order = names;
      body.replaceChildren(...names.flatMap((name) => elementOf(name) ?? []));
      elementOf(focused)?.focus({ preventScroll: true });
    },
    show(name, { label, ...look }) {
      const row = rows.get(name);
      row?.show(look);
      if (row?.element.getAttribute('aria-label') !== label) row?.element.setAttribute('aria-label', label);
    },
    move(from, key) {
      const at = order.indexOf(from);
      const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: order.length - 1 }[key];
      if (to === undefined) return false;
      if (order[to] !== undefined) {
        reach(order[to]);
        elementOf(order[to])?.focus();
      }
      return true;
    },
    stayReachable: (first) => reach(reachable ?? first),
  };
}
