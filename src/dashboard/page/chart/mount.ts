/** The charts: a panel for each sensor, or one for all together, and their picture. */

import { windowLabel } from '../data/catalog.ts';
import { unitSign } from '../data/display-units.ts';
import { fileName, formatZonedSpan } from '../data/format.ts';
import { pan } from '../data/time-range.ts';
import { find, speak } from '../shell/dom.ts';
import type { Context, Mount, State } from '../shell/page.ts';
import { isDark } from '../shell/theme.ts';
import { drawPicture, savePng } from './chart-picture.ts';
import type { PanelSetting } from './panel.ts';
import { createPanels, type Panels } from './panels.ts';

/** Makes the charts in an element, and the PNG button work. */
export const mount: Mount = (element, context) => {
  const panels = createPanels(element, context.render);
  find('png', HTMLButtonElement).onclick = () => save(panels, context.state()).catch(context.fail);
  return {
    show(state) {
      const { selection, entries } = state;
      panels.show(selection.groups, lookOf(state), settingOf(state, context));
      context.load(panels.inSight());
      panels.update(entries, selection.span, context.rows);
    },
    leave: () => panels.clear(),
  };
};

/** Panels are made anew when this changes. */
function lookOf({ preferences: { unit, zone, theme } }: State): string {
  return JSON.stringify([unit, zone, isDark(theme)]);
}

function settingOf({ preferences, theme }: State, context: Context): Omit<PanelSetting, 'sensors'> {
  const { unit, zone } = preferences;
  const { now, look, zoomTo } = context;
  const selection = () => context.state().selection;
  return {
    ...{ unit, zone, theme, now, speak },
    choose: (sensor) => look({ sensor: context.state().view.sensor === sensor ? undefined : sensor }),
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

async function save(panels: Panels, { selection, entries, preferences, theme }: State): Promise<void> {
  const { sensors, window, span } = selection;
  const names = sensors.length === 1 ? sensors : [`${sensors.length} sensors`];
  const title = [
    ...[...names, windowLabel(window, entries), unitSign(preferences.unit)],
    formatZonedSpan(span, preferences.zone),
  ].join(', ');
  await savePng(drawPicture(panels.all(), title, theme), fileName([...names, window], 'png'));
}
