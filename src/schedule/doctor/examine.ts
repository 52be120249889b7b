/** All that the doctor looks at. */

import type { LoadedCrontab } from '../load-crontab.ts';
import { checkNever } from './check-clock.ts';
import { checkFile } from './check-file.ts';
import type { Warning } from './warning.ts';

/** What a crontab would find where it is tested. */
export interface Surroundings {
  readonly now: number;
}

/** The warnings, those of a line together, in the order of lines; those that are about no line last. */
export function warningsOf({ text, jobs }: LoadedCrontab, _surroundings: Surroundings): Warning[] {
  const warnings = [...checkFile(text), ...jobs.flatMap((job) => [...checkNever(job)])];
  const lineOf = ({ line }: Warning) => line ?? Number.POSITIVE_INFINITY;
  return warnings.sort((one, other) => lineOf(one) - lineOf(other) || 0);
}
