/** What a counter has counted, on its way to another one, perhaps in another thread. */

import type { PaneParts } from '../stats/aggregate.ts';
import type { Groups } from './kernel/group-reader.ts';

/** Plain data. */
export interface Counted {
  readonly groups: Groups | undefined;
  readonly contents: readonly PaneParts[];
}
