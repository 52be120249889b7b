/** Finds comments that promise a run every N minutes above fields that run once an hour. */

import type { Job } from '../jobs/job.ts';
import { aboutJob, type Warning } from './warning.ts';

const EVERY = /\b(?:every|each|once (?:a|per))\s+(?:(?:(\d+)|one)\s+)?min(?:ute)?s?\b|\bminutely\b/gi;
/** Words before it that negate the promise. */
const DENIAL = /\b(?:not|never|no longer|instead of|rather than|than|was|isn't)\b[^.;:]*$/i;
/** A comment that also mentions hours may mention minutes for another reason. */
const HOURS = /\bhourly\b|\b(?:every|each) hour\b/i;
const HOURLY = /^(\d+)[ \t]+\*(?:\/1)?[ \t]/;

/** @param lines of the crontab */
export function* checkComment(job: Job, lines: readonly string[]): Generator<Warning> {
  const [, minute] = HOURLY.exec(`${job.schedule} `) ?? [];
  if (minute === undefined) return;
  const comments = commentsOf(job, lines);
  if (comments.some((comment) => HOURS.test(comment))) return;
  for (const comment of comments) {
    for (const { 0: words, 1: count = '1', index } of comment.matchAll(EVERY)) {
      if (DENIAL.test(comment.slice(0, index)) || Number(count) !== Number(minute)) continue;
      const fields = count === '1' ? '* * * * *' : `*/${count} * * * *`;
      const meaning = `${job.schedule} is once an hour, at minute ${minute}`;
      yield aboutJob(
        job,
        'comment',
        `the comment says ${JSON.stringify(words)}, but ${meaning} (write ${fields})`,
      );
      return;
    }
  }
}

/** The comments directly above a job, and the one after its command. */
function commentsOf({ place, command }: Job, lines: readonly string[]): string[] {
  const comments = [/(?:^|\s)#\s(.*)$/.exec(command)?.[1] ?? ''];
  for (let line = place.line - 2; /^\s*#/.test(lines[line] ?? ''); line -= 1) {
    // Policy comments are not prose.
    if (!/^\s*#:/.test(lines[line] ?? '')) comments.push(lines[line] ?? '');
  }
  return comments;
}
