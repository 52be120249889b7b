/** What people change: jobs are paused and go on by the ledger alone; all else the schedule does that runs. */

import { version } from '../databases/sqlite-files.ts';
import { Failure, status } from '../failure.ts';
import { resolveTarget } from '../files/resolve-target.ts';
import { askSchedule } from './ask-schedule.ts';
import { pauseJob } from './jobs.ts';
import { Ledger } from './ledger.ts';
import type { Request } from './records.ts';
import { addDone } from './requests.ts';

export type Change = {
  /** The time that the job is to run for. */
  readonly at: number | undefined;
  readonly env: Readonly<Record<string, string>>;
} & (
  | { readonly verb: 'pause' | 'resume' | 'run'; readonly job: string }
  | {
      readonly verb: 'retry';
      readonly run: number /** And what follows it; undefined for what failed. */;
      readonly task: string | undefined;
    }
  | { readonly verb: 'stop'; readonly run: number }
);

interface Where {
  /** The path of the ledger. */
  readonly name: string;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Who wants it. */
  readonly who: string;
  now(): number;
}

/** @returns what to print: the number of the run, if one was begun @throws Failure */
export async function changeSchedule(change: Change, where: Where): Promise<string> {
  const { name, waitMs, signal, who, now } = where;
  if (version(name) === '') throw new Failure(status.noInput, `${name}: no such ledger`);
  resolveTarget(name);
  const ledger = await Ledger.open(name, where);
  try {
    const request = requestOf(change, who);
    if (change.verb === 'pause' || change.verb === 'resume') {
      const since = change.verb === 'pause' ? now() : undefined;
      const isDone = await ledger.write((file) => {
        const isKnown = pauseJob(file, change.job, since);
        if (isKnown) addDone(file, request, now());
        return isKnown;
      });
      if (isDone) return '';
      throw new Failure(status.noInput, `no such job: ${change.job}`);
    }
    const answer = await askSchedule(ledger, request, { name, waitMs, signal, now: now() });
    return answer === '' ? '' : `${answer}\n`;
  } finally {
    await ledger.close(signal.aborted);
  }
}

function requestOf(change: Change, who: string): Omit<Request, 'id'> {
  const { verb, at, env } = change;
  const [job, run] = 'job' in change ? [change.job, undefined] : [undefined, change.run];
  return { verb, job, run, task: change.verb === 'retry' ? change.task : undefined, at, env, who };
}
