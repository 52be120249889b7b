/** Labels and ranges of the axes. */

import { siPrefix, unitSuffix } from '../../../stats/si-prefix.ts';
import type { Display } from '../data/display-units.ts';
import { decimals, isoText, type Zone } from '../data/format.ts';
import { plainText } from '../data/number-text.ts';

const DAY = 86_400_000;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Labels of ticks `apart` ms from each other, with the day below the first of each day, and the year where it changes. */
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

/** Labels of ticks `apart` from each other, in the displayed unit: just enough decimals, one SI prefix and the unit. */
export function valueLabels(
  values: readonly number[],
  apart: number,
  { sign }: Pick<Display, 'sign'>,
): string[] {
  const size = Math.max(0, ...values.map(Math.abs));
  const prefix = siPrefix(size, sign);
  const factor = 10 ** prefix.power;
  return values.map(
    (value) => `${plainText(value / factor, decimals(apart / factor))}${unitSuffix(prefix, sign)}`,
  );
}

/** Padding above and below the values, as a fraction of their range. */
const PADDING = 0.08;
/** A limit this close to the values is included in the range, as a fraction of it. */
const LIMIT_REACH = 0.5;
/** Values closer together count as level: a fraction of their size, or this much in units where less is noise. */
const LEVEL = 0.02;
const LEVELS: ReadonlyMap<string, number> = new Map(['°C', '°F', 'K', '%'].map((sign) => [sign, 1]));

/**
 * The range of the value axis: all values and nearby limits, with some padding; 0 to 1 without values. A level line is not
 * magnified to fill the chart.
 */
export function valueRange(
  min: number | null,
  max: number | null,
  { sign, limits }: { readonly sign: string; readonly limits: readonly number[] },
): [number, number] {
  if (min === null || max === null) return [0, 1];
  const size = Math.max(Math.abs(min), Math.abs(max));
  const level = LEVELS.get(sign) ?? (size === 0 ? 1 : size * LEVEL);
  const reach = Math.max(max - min, level) * LIMIT_REACH;
  const near = limits.filter((limit) => limit >= min - reach && limit <= max + reach);
  const [low, high] = [Math.min(min, ...near), Math.max(max, ...near)];
  const room = Math.max((high - low) * PADDING, (level - (high - low)) / 2);
  return [low - room, high + room];
}
