/** Whether a run is for now, so that sensors give a reading, and not for a time that has passed. */

import type { Run } from '../ledger/records.ts';
import { previousDue } from './due/due.ts';
import type { Job } from './jobs/job.ts';

/** Until its job is due again. @param now epoch milliseconds */
export function isOfNow({ isOfNow: wasOfNow, scheduled }: Run, { when }: Job, now: number): boolean {
  return wasOfNow && scheduled >= (previousDue(when, now + 1) ?? 0);
}
