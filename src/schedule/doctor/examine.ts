/** All that the doctor looks at. */

import type { LoadedCrontab } from '../load-crontab.ts';
import { ClockCheck, checkNever } from './check-clock.ts';
import { checkComment } from './check-comment.ts';
import { checkFile } from './check-file.ts';
import { checkPercent } from './check-percent.ts';
import type { Warning } from './warning.ts';

/** Where a crontab is tested. */
export interface Surroundings {
  readonly now: number;
}

/** The warnings, in the order of lines; those that are about no line last. */
export function warningsOf({ text, jobs }: LoadedCrontab, { now }: Surroundings): Warning[] {
  const lines = text.split('\n');
  const clock = new ClockCheck(now);
  const aboutJobs = jobs.flatMap((job) => [
    ...checkNever(job),
    ...clock.check(job),
    ...checkComment(job, lines),
    ...checkPercent(job),
  ]);
  const warnings = [...checkFile(text), ...aboutJobs];
  const lineOf = ({ line }: Warning) => line ?? Number.POSITIVE_INFINITY;
  return warnings.sort((one, other) => lineOf(one) - lineOf(other) || 0);
}
