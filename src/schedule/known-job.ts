/** When a job is due, by what a ledger knows of it. */

import type { KnownJob } from '../ledger/records.ts';
import { nextDue } from './due.ts';
import type { When } from './when.ts';

/** The first time after this one; undefined for none, and for what a later version may have written. */
export function nextDueOf({ when }: Pick<KnownJob, 'when'>, after: number): number | undefined {
  return isWhen(when) ? nextDue(when, after) : undefined;
}

/** Whether a ledger has it as this version writes it. */
export function isWhen(when: object): when is When {
  if (!('kind' in when)) return false;
  if (when.kind === 'minutes') return 'fields' in when;
  return when.kind === 'interval' ? 'everyMs' in when : when.kind === 'start' || when.kind === 'never';
}
