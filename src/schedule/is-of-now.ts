/** Whether a run is for the present, so that sensors take a live reading, or for a time in the past. */

import type { Run } from '../ledger/records.ts';
import { previousDue } from './due/due.ts';
import type { Job } from './jobs/job.ts';

/** A run is for the present until its job is next due. @param now epoch milliseconds */
export function isOfNow({ isOfNow: wasOfNow, scheduled }: Run, { when }: Job, now: number): boolean {
  return wasOfNow && scheduled >= (previousDue(when, now + 1) ?? 0);
}
