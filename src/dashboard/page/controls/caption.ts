/** The line above charts and table: the time span, the thinning, what is left out, and the link to the rows as CSV. */

import { windowLabel, windowsOf } from '../data/catalog.ts';
import { formatLength, formatZonedSpan } from '../data/format.ts';
import { queryOf } from '../data/selection.ts';
import { rowsAddress } from '../data/series-json.ts';
import type { Span } from '../data/time-range.ts';
import { find, setText } from '../shell/dom.ts';
import type { Context, State } from '../shell/page.ts';
import { showLegend } from './legend.ts';

/** Shows the caption of the rows that are loaded. */
export function showCaption(state: State, context: Context): void {
  const { entries, selection, view, preferences } = state;
  const { rows, now } = context;
  const { span, sensors, of, isLive } = selection;
  const series = sensors.flatMap((sensor) => rows(sensor) ?? []);
  setText(
    find('span', HTMLElement),
    formatZonedSpan(isLive ? endingNow(now(), span) : span, preferences.zone),
  );
  const step = Math.max(0, ...series.map((each) => (each.thinned ? each.step : 0)));
  const notes = [
    ...(selection.isFitting && windowsOf(entries).length > 1 ? [windowLabel(selection.window, entries)] : []),
    ...(step > 0 ? [`one point per ${formatLength(step * 1000)}`] : []),
    ...(sensors.length < of ? [`the first ${sensors.length} of ${of} sensors`] : []),
  ];
  setText(find('thinned', HTMLElement), notes.map((note) => `· ${note}`).join(' '));
  showLegend(state, context);
  find('reset', HTMLButtonElement).disabled = view.zoom === undefined;
  find('csv', HTMLAnchorElement).href = `${rowsAddress('api/stats.csv', queryOf(selection))}&spreadsheet=1`;
}

/** Ends a live span now, not at its next step. */
function endingNow(now: number, { from, to }: Span): Span {
  return { from, to: from < now ? Math.min(to, now) : to };
}
