/** When a job is due, according to a ledger. */

import type { KnownJob } from '../../ledger/records.ts';
import { nextDue } from './due.ts';
import type { When } from './when.ts';

/** The first due time after this one; undefined for none, or if a later version wrote the job. */
export function nextDueOf({ when }: Pick<KnownJob, 'when'>, after: number): number | undefined {
  return isWhen(when) ? nextDue(when, after) : undefined;
}

/** Whether this version knows its form. */
export function isWhen(when: object): when is When {
  if (!('kind' in when)) return false;
  if (when.kind === 'minutes') return 'fields' in when;
  return when.kind === 'interval' ? 'everyMs' in when : when.kind === 'start' || when.kind === 'never';
}
