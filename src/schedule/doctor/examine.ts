/** Runs all checks of the doctor. */

import type { Job } from '../jobs/job.ts';
import type { LoadedJobs } from '../jobs/load-jobs.ts';
import { ClockCheck, checkNever } from './check-clock.ts';
import { checkCommands } from './check-commands.ts';
import { checkComment } from './check-comment.ts';
import { checkFile } from './check-file.ts';
import { checkHost, type Host } from './check-host.ts';
import { checkPercent } from './check-percent.ts';
import { checkSettings } from './check-settings.ts';
import { checkTasks } from './check-tasks.ts';
import { checkVariables } from './check-variables.ts';
import type { OwnPlace } from './cron-place.ts';
import type { Warning } from './warning.ts';

/** The environment of a test. */
export interface Surroundings extends OwnPlace, Host {
  readonly now: number;
}

/** The warnings, in the order of files and lines; those without a line last. */
export function warningsOf({ files, jobs, name }: LoadedJobs, surroundings: Surroundings): Warning[] {
  const clock = new ClockCheck(surroundings.now);
  const about = files.flatMap(({ file, crontab = '', jobs: own }) => {
    const lines = crontab.split('\n');
    const aboutJobs = own.flatMap((job) => [
      ...checkNever(job),
      ...clock.check(job),
      // A graph is not a crontab line.
      ...(job.graph === undefined
        ? checkLine(job, lines, surroundings)
        : checkTasks(job.graph, surroundings)),
    ]);
    const found = [...checkFile(crontab), ...checkSettings(lines), ...aboutJobs];
    return found.map((warning) => ({ ...warning, file }));
  });
  const aboutHost = checkHost(jobs, surroundings);
  const warnings = [
    ...about,
    ...[...aboutHost].map((warning) => ({ ...warning, file: warning.file ?? name })),
  ];
  const places = new Map(files.map(({ file }, place) => [file, place]));
  const placeOf = ({ file, line }: Warning) =>
    line === undefined ? Number.POSITIVE_INFINITY : (places.get(file ?? '') ?? 0);
  const lineOf = ({ line }: Warning) => line ?? Number.POSITIVE_INFINITY;
  return warnings.sort((one, other) => placeOf(one) - placeOf(other) || lineOf(one) - lineOf(other) || 0);
}

function checkLine(job: Job, lines: readonly string[], surroundings: Surroundings): Warning[] {
  return [
    ...checkComment(job, lines),
    ...checkPercent(job),
    ...checkCommands(job, surroundings),
    ...checkVariables(job, surroundings),
  ];
}
