/** The data interval of a run: from one due time, inclusive, to the next, exclusive. */

import type { Run } from '../../ledger/records.ts';
import { previousDue } from './due.ts';
import type { When } from './when.ts';

type DataInterval = Pick<Run, 'dataStart' | 'dataEnd'>;

/** The interval that ends at a due time, in epoch milliseconds; empty if nothing was due before. */
export function intervalOfDue(when: When, due: number): DataInterval {
  return { dataStart: previousDue(withoutStart(when), due) ?? due, dataEnd: due };
}

/** The last whole interval by any time; an empty one where nothing is ever due. */
export function intervalAt(when: When, time: number): DataInterval {
  return intervalOfDue(when, previousDue(withoutStart(when), time + 1) ?? time);
}

/** Drops the start date: the first interval of a graph is a whole one, too, though nothing was due at its beginning. */
function withoutStart(when: When): When {
  if (when.kind !== 'minutes' && when.kind !== 'interval') return when;
  const { from: _, ...always } = when;
  return always;
}
