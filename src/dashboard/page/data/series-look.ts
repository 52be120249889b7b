/** How a series is displayed, apart from its rows. */

import { type Display, displayOf, type Unit } from './display-units.ts';
import { groupedBy } from './grouping.ts';
import { type Limits, noLimits } from './limits.ts';
import type { Entry } from './series-json.ts';

/** How a sensor is displayed. */
export interface SeriesLook {
  readonly sensor: string;
  readonly display: Display;
  readonly limits: Limits;
}

/** The unit of a sensor: from this window's entry, or from another one that has it. */
export function unitOf(own: readonly Entry[], window: string): string | undefined {
  const shown = own.find((entry) => entry.window === window);
  return shown?.unit ?? own.find(({ unit }) => unit !== undefined)?.unit;
}

/** How sensors are displayed, by name. Indexes the entries once. */
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
