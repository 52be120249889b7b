/** The legend above the charts: its keys toggle the parts of all charts. */

import { isLegendPart, partsOf, toggled } from '../data/legend.ts';
import { looksOf } from '../data/series-look.ts';
import { find } from '../shell/dom.ts';
import type { Context, State } from '../shell/page.ts';

/** Binds the keys. */
export function attachLegend({ state, look }: Context): void {
  find('legend', HTMLElement).onclick = ({ target }) => {
    const button = target instanceof Element ? target.closest('button') : null;
    const part = button?.dataset.part ?? '';
    if (isLegendPart(part)) look({ without: toggled(state().view.without, part) });
  };
}

/** Shows a key for each part that the charts have. */
export function showLegend({ entries, selection, view, preferences }: State, { rows, now }: Context): void {
  const legend = find('legend', HTMLElement);
  const { sensors, window, groups } = selection;
  const series = sensors.flatMap((sensor) => rows(sensor) ?? []);
  const parts = partsOf(series, sensors.map(looksOf(entries, window, preferences.unit)), now());
  legend.classList.toggle(
    'neutral',
    groups.some(({ length }) => length > 1),
  );
  for (const button of legend.querySelectorAll('button')) {
    const part = button.dataset.part ?? '';
    const isShown = isLegendPart(part) && !view.without.includes(part);
    button.setAttribute('aria-pressed', `${isShown}`);
    // The key of a hidden part stays, to bring it back.
    button.hidden = isShown && !parts.some((each) => each === part);
  }
}
