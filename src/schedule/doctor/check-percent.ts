/** Finds a `%` that was not meant to end the command. */

import { quote } from '../../lines/line.ts';
import type { Job } from '../jobs/job.ts';
import { readScript } from './shell-script.ts';
import { aboutJob, type Warning } from './warning.ts';

/** Command endings after which a format is missing. */
const WITHOUT_FORMAT = [
  /(?:^|[\s/(`;|&])date\s(?:[^|;&]*\s)?\+\S*$/,
  /(?:^|[\s/(`;|&])(?:printf|stat\s(?:.*\s)?-c|find\s.*-f?printf|curl\s.*-w)\s+$/,
  /\s--?(?:format|printf|pretty|write-out)[= ]\s*(?:format:)?$/,
];

export function* checkPercent(job: Job): Generator<Warning> {
  // A % at the very end leaves no input either, but then nothing was cut off.
  if (job.input === '') return;
  const { command } = job;
  const isCutOff = !readScript(command).isWhole || WITHOUT_FORMAT.some((end) => end.test(command));
  if (!isCutOff) return;
  const place = quote(command.slice(-20).trimStart());
  yield aboutJob(
    job,
    'percent',
    `the % after ${place} ends the command, and what follows is its stdin: write \\%`,
  );
}
