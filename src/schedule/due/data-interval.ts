/** What a run is to work on: from one due time, inclusive, to the next, exclusive. */

import type { Run } from '../../ledger/records.ts';
import { previousDue } from './due.ts';
import type { When } from './when.ts';

type DataInterval = Pick<Run, 'dataStart' | 'dataEnd'>;

/** Of a run for a due time, in epoch milliseconds. */
export function intervalOfDue(when: When, due: number): DataInterval {
  return { dataStart: previousDue(withoutStart(when), due) ?? due, dataEnd: due };
}

/** Of a run for any time: the last whole interval by then; an empty one where nothing is ever due. */
export function intervalAt(when: When, time: number): DataInterval {
  return intervalOfDue(when, previousDue(withoutStart(when), time + 1) ?? time);
}

/** The first interval of a graph is a whole one, too, though nothing was due at its beginning. */
function withoutStart(when: When): When {
  if (when.kind !== 'minutes' && when.kind !== 'interval') return when;
  const { from: _, ...always } = when;
  return always;
}
