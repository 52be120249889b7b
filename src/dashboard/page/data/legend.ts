/** The parts of a chart in its legend, each of which can be hidden. */

import { areLimited } from './limits.ts';
import { isIncomplete } from './row.ts';
import type { SensorRows } from './series-json.ts';
import type { SeriesLook } from './series-look.ts';

export const legendParts = ['average', 'band', 'missing', 'limits'] as const;

export type LegendPart = (typeof legendParts)[number];

/** Whether this names a part. */
export function isLegendPart(text: string): text is LegendPart {
  return legendParts.some((part) => part === text);
}

/** The labels of the parts. */
export const partNames: Readonly<Record<LegendPart, string>> = {
  average: 'average',
  band: 'min to max',
  missing: 'readings missing',
  limits: 'limits',
};

/** The parts that charts of these rows have; marks only if there are any. */
export function partsOf(
  series: readonly SensorRows[],
  looks: readonly SeriesLook[],
  now: number,
): LegendPart[] {
  const has: Readonly<Record<LegendPart, boolean>> = {
    average: true,
    band: true,
    missing: series.some(({ rows }) => rows.some((row) => isIncomplete(row, now))),
    limits: looks.some(({ limits }) => areLimited(limits)),
  };
  return legendParts.filter((part) => has[part]);
}

/** Adds the member if it is absent, removes it if it is present. */
export function toggled<Member>(members: readonly Member[], member: Member): Member[] {
  return members.includes(member) ? members.filter((each) => each !== member) : [...members, member];
}
