/** What is shown, in words: the stretch of time, how it is thinned, and what is left out. */

import { formatLength, formatSpan, type Zone } from '../data/format.ts';
import { isIncomplete } from '../data/row.ts';
import type { Scene } from '../data/selection.ts';
import type { SensorRows } from '../data/series-json.ts';
import type { Span } from '../data/time-range.ts';
import { find, setText } from '../shell/dom.ts';

const MINUTE = 60_000;

export interface Captioned {
  readonly shown: Scene;
  readonly zone: Zone;
  readonly series: readonly SensorRows[];
  readonly now: number;
}

export function showCaption({ shown, zone, series, now }: Captioned): void {
  const { span, sensors, of } = shown;
  setText(find('span', HTMLElement), spanText(span, zone));
  const step = Math.max(0, ...series.map((one) => (one.thinned ? one.step : 0)));
  const notes = [
    ...(step > 0 ? [`one point for ${formatLength(step * 1000)}`] : []),
    ...(sensors.length < of ? [`the first ${sensors.length} of ${of} sensors`] : []),
  ];
  setText(find('thinned', HTMLElement), notes.map((note) => `· ${note}`).join(' '));
  const isAny = series.some(({ rows }) => rows.some((row) => isIncomplete(row, now)));
  find('legend-missing', HTMLElement).hidden = !isAny;
}

/** With the name of the time zone; seconds only where they matter. */
export function spanText({ from, to }: Span, zone: Zone): string {
  const name = zone === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
  const unit = to - from < 10 * MINUTE ? 1000 : MINUTE;
  const rounded = [from, to].map((time) => Math.floor(time / unit) * unit);
  return `${formatSpan(rounded[0] ?? from, rounded[1] ?? to, zone)} ${name}`;
}
