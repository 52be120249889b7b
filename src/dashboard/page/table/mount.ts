/** The rows as a table. */

import { windowLabel } from '../data/catalog.ts';
import { formatZonedSpan } from '../data/format.ts';
import { looksOf } from '../data/series-look.ts';
import type { Mount } from '../shell/page.ts';
import { createTable } from './rows-table.ts';

/** Mounts the table. */
export const mount: Mount = (element, context) => {
  const showTable = createTable(element);
  return {
    show({ selection, entries, preferences: { unit, zone } }) {
      const { sensors, window, span, of } = selection;
      context.load(sensors);
      const series = sensors.flatMap((sensor) => context.rows(sensor) ?? []);
      const own = entries.filter((entry) => entry.window === window);
      const caption = `${windowLabel(window, entries)}, ${formatZonedSpan(span, zone)}`;
      showTable(series, {
        ...{ zone, now: context.now(), caption, span, entries: own, withSensor: of > 1 },
        look: looksOf(entries, window, unit),
        unit,
      });
    },
    leave() {},
  };
};
