/** The charts page: a panel for each sensor, or one for all, and their picture. */

import { windowLabel } from '../data/catalog.ts';
import { fileName, formatZonedSpan } from '../data/format.ts';
import { partsOf, toggled } from '../data/legend.ts';
import { looksOf, type SeriesLook } from '../data/series-look.ts';
import { pan } from '../data/time-range.ts';
import { find, speak } from '../shell/dom.ts';
import type { Context, Mount, State } from '../shell/page.ts';
import { isDark } from '../shell/theme.ts';
import { drawPicture, savePng } from './chart-picture.ts';
import type { PanelSetting } from './panel.ts';
import { createPanels, type Panels } from './panels.ts';

/** Mounts the charts, and wires up the PNG button. */
export const mount: Mount = (element, context) => {
  const panels = createPanels(element, context.render);
  find('png', HTMLButtonElement).onclick = () => save(panels, context).catch(context.fail);
  return {
    show(state) {
      const { selection, entries, view } = state;
      panels.show(looksIn(state), lookOf(state), settingOf(state, context));
      context.load(panels.inSight());
      panels.update({ entries, span: selection.span, hidden: view.hidden }, context.rows);
    },
    leave: () => panels.clear(),
  };
};

/** The looks of the sensors of each panel. */
function looksIn({ selection, entries, preferences }: State): SeriesLook[][] {
  const look = looksOf(entries, selection.window, preferences.unit);
  return selection.groups.map((sensors) => sensors.map(look));
}

/** Panels are rebuilt when this key changes. */
function lookOf({ preferences: { zone, theme }, view: { without } }: State): string {
  return JSON.stringify([zone, isDark(theme), without]);
}

function settingOf({ preferences, theme, view }: State, context: Context): Omit<PanelSetting, 'looks'> {
  const { now, look, zoomTo } = context;
  const selection = () => context.state().selection;
  return {
    ...{ zone: preferences.zone, theme, without: view.without, now, speak },
    choose: (sensor) => look({ sensor: context.state().view.sensor === sensor ? undefined : sensor }),
    toggle(sensor, only) {
      const { hidden } = context.state().view;
      const others = selection().sensors.filter((name) => name !== sensor);
      const isOnly = !hidden.includes(sensor) && others.every((name) => hidden.includes(name));
      if (only) look({ hidden: isOnly ? [] : others });
      else look({ hidden: toggled(hidden, sensor) });
    },
    showNewest() {
      const { rows, span } = selection();
      if (rows !== undefined) zoomTo(pan(span, (rows.to - span.to) / (span.to - span.from)));
    },
    moves: {
      span: () => selection().span,
      wheels: () => selection().groups.length === 1,
      zoomTo,
      reset: () => look({ zoom: undefined }),
    },
  };
}

async function save(panels: Panels, context: Context): Promise<void> {
  const state = context.state();
  const { selection, entries, preferences, view, theme } = state;
  const { sensors, window, span } = selection;
  const names = sensors.length === 1 ? sensors : [`${sensors.length} sensors`];
  const signs = new Set(looksIn(state).flatMap((looks) => looks.map(({ display }) => display.sign)));
  const title = [
    ...[...names, windowLabel(window, entries), [...signs].filter((sign) => sign !== '').join(' and ')],
    formatZonedSpan(span, preferences.zone),
  ].filter((part) => part !== '');
  const shown = panels.all().flatMap(({ looks }) => looks);
  const series = shown.flatMap(({ sensor }) => context.rows(sensor) ?? []);
  const parts = partsOf(series, shown, context.now()).filter((part) => !view.without.includes(part));
  const picture = drawPicture(panels.all(), { title: title.join(', '), parts, hidden: view.hidden, theme });
  await savePng(picture, fileName([...names, window], 'png'));
}
