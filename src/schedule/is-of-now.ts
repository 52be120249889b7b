/** Whether a run is of now, and not of a time that has passed: then sensors give a reading. */

import type { Run } from '../ledger/records.ts';
import { previousDue } from './due.ts';
import type { Job } from './job.ts';

/** No longer, once its job was due again. @param now epoch milliseconds */
export function isOfNow({ isOfNow: wasOfNow, scheduled }: Run, { when }: Job, now: number): boolean {
  return wasOfNow && scheduled >= (previousDue(when, now + 1) ?? 0);
}
