/** What a counter has counted, on its way to an aggregate in another thread. */

import { type Groups, groupParts } from '../kernel/groups.ts';
import type { Aggregate, PaneParts } from '../stats/aggregate.ts';

/** Plain data. */
export interface Counted {
  readonly groups: Groups | undefined;
  readonly contents: readonly PaneParts[];
}

export function takeCounted(aggregate: Aggregate, { groups, contents }: Counted): void {
  if (groups !== undefined)
    for (const [sensor, pane, parts] of groupParts(groups)) aggregate.addParts(sensor, pane, parts);
  for (const content of contents) aggregate.take(content);
}
