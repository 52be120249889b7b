/** Labels and range of the axes. */

import { decimals, formatNumber, isoText, type Zone } from '../data/format.ts';

const DAY = 86_400_000;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Labels of times that are `apart` milliseconds from each other; the day stands below the first time of each, the year where it changes. */
export function timeLabels(times: readonly number[], apart: number, zone: Zone): string[] {
  let [day, year] = ['', ''];
  return times.map((time) => {
    const text = isoText(time, zone);
    const isNewDay = text.slice(0, 10) !== day;
    const isNewYear = text.slice(0, 4) !== year;
    [day, year] = [text.slice(0, 10), text.slice(0, 4)];
    const date = `${Number(text.slice(8, 10))} ${MONTHS[Number(text.slice(5, 7)) - 1]}`;
    if (apart >= DAY) return isNewYear ? `${date}\n${year}` : date;
    const clock = text.slice(11, apart % 60_000 === 0 ? 16 : 19);
    return isNewDay ? `${clock}\n${date}${isNewYear ? ` ${year}` : ''}` : clock;
  });
}

/** Labels of values that are `apart` from each other, with as many decimals as they need. */
export function valueLabels(values: readonly number[], apart: number): string[] {
  return values.map((value) => formatNumber(value, decimals(apart)));
}

/** From the lowest to the highest value with some room; 0 to 1 without values. A level line is not blown up to fill the chart. */
export function valueRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const room = Math.max((max - min) * 0.08, (1 - (max - min)) / 2);
  return [min - room, max + room];
}
