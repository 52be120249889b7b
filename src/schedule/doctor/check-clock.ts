/** Hours that do not exist or come twice, and jobs that never run. */

import { isNever } from '../due.ts';
import type { Job } from '../job.ts';
import { aboutJob, type Warning } from './warning.ts';

export function* checkNever(job: Job): Generator<Warning> {
  if (job.when.kind === 'minutes' && isNever(job.when.fields)) {
    yield aboutJob(job, 'never', 'it never runs: no month that it names has that day');
  }
}
