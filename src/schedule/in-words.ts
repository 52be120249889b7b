/** When a job is due, in words. */

import type { KnownJob } from '../ledger/records.ts';

/** `every day at 04:00`. */
export function scheduleInWords({ schedule }: Pick<KnownJob, 'when' | 'schedule'>): string {
  return schedule === '' ? 'by hand' : schedule;
}
