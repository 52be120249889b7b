/** Gives the jobs of a crontab unique names. */

import { quote } from '../../lines/line.ts';
import type { Job } from '../jobs/job.ts';
import { commandName } from './command-text.ts';
import { type Remark, shortName } from './policy-comment.ts';
import type { Problem } from './problem.ts';

/** A job without a final name. */
export interface Draft {
  readonly job: Omit<Job, 'name'>;
  readonly remark: Remark;
}

/** Names from comments are kept; the others are derived from the command, with `-2` and so on if taken. */
export function giveNames(drafts: readonly Draft[]): { jobs: Job[]; problems: Problem[] } {
  const problems: Problem[] = [];
  /** The line of the job, by name. */
  const taken = new Map<string, number>();
  for (const { job, remark } of drafts) {
    if (remark.name === undefined) continue;
    const { text, line, index } = remark.name;
    const other = taken.get(text);
    if (other === undefined) taken.set(text, job.place.line);
    else {
      const message = `the job on line ${other} is also named ${quote(text)}`;
      problems.push({ line, column: index + 1, message });
    }
  }
  const counts = new Map<string, number>();
  const jobs = drafts.map(({ job, remark }) => {
    const name = remark.name?.text ?? freeName(job.command, taken, counts);
    if (!taken.has(name)) taken.set(name, job.place.line);
    return { name, ...job };
  });
  return { jobs, problems };
}

/** @param counts the last suffix used for each word, so that many equal commands take linear time */
function freeName(command: string, taken: ReadonlyMap<string, number>, counts: Map<string, number>): string {
  const word = shortName(commandName(command)) || 'job';
  let count = counts.get(word) ?? 0;
  let name = word;
  do {
    count += 1;
    name = count === 1 ? word : `${word}-${count}`;
  } while (taken.has(name));
  counts.set(word, count);
  return name;
}
