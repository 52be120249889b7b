/** What of a series says how it is shown, besides its rows. */

import { type Display, displayOf, type Unit } from './display-units.ts';
import { groupedBy } from './grouping.ts';
import { type Limits, noLimits } from './limits.ts';
import type { Entry } from './series-json.ts';

/** How a sensor is shown. */
export interface SeriesLook {
  readonly sensor: string;
  readonly display: Display;
  readonly limits: Limits;
}

/** The unit of a sensor's series: of this window, or of another one that says it. */
export function unitOf(own: readonly Entry[], window: string): string | undefined {
  const shown = own.find((entry) => entry.window === window);
  return shown?.unit ?? own.find(({ unit }) => unit !== undefined)?.unit;
}

/** How sensors are shown, by their names. Entries are looked through once. */
export function looksOf(
  entries: readonly Entry[],
  window: string,
  preferred: Unit,
): (sensor: string) => SeriesLook {
  const bySensor = groupedBy(entries, ({ sensor }) => sensor);
  return (sensor) => {
    const own = bySensor.get(sensor) ?? [];
    return {
      sensor,
      display: displayOf(unitOf(own, window), preferred),
      limits: own[0]?.limits ?? noLimits,
    };
  };
}
