/** All that the doctor looks at. */

import type { LoadedCrontab } from '../load-crontab.ts';
import { ClockCheck, checkNever } from './check-clock.ts';
import { checkCommands } from './check-commands.ts';
import { checkComment } from './check-comment.ts';
import { checkFile } from './check-file.ts';
import { checkHost, type Host } from './check-host.ts';
import { checkPercent } from './check-percent.ts';
import { checkSettings } from './check-settings.ts';
import { checkVariables } from './check-variables.ts';
import type { OwnPlace } from './cron-place.ts';
import type { Warning } from './warning.ts';

/** Where a crontab is tested. */
export interface Surroundings extends OwnPlace, Host {
  readonly now: number;
}

/** The warnings, in the order of lines; those that are about no line last. */
export function warningsOf({ text, jobs }: LoadedCrontab, surroundings: Surroundings): Warning[] {
  const lines = text.split('\n');
  const clock = new ClockCheck(surroundings.now);
  const aboutJobs = jobs.flatMap((job) => [
    ...checkNever(job),
    ...clock.check(job),
    ...checkComment(job, lines),
    ...checkPercent(job),
    ...checkCommands(job, surroundings),
    ...checkVariables(job, surroundings),
  ]);
  const warnings = [
    ...checkFile(text),
    ...checkSettings(lines),
    ...aboutJobs,
    ...checkHost(jobs, surroundings),
  ];
  const lineOf = ({ line }: Warning) => line ?? Number.POSITIVE_INFINITY;
  return warnings.sort((one, other) => lineOf(one) - lineOf(other) || 0);
}
