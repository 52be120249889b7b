/** What failed in the runs of a run-tasks, in words. */

import { Failure, status } from '../../failure.ts';
import type { Run, TaskRow } from '../../ledger/records.ts';
import type { TaskChange } from '../../ledger/tasks.ts';

/** So many tasks of a run are named. */
const MOST = 20;

type Failed = Pick<TaskRow, 'task' | 'reason' | 'status'>;

export class Failures {
  readonly #byRun = new Map<number, Failed[]>();

  add({ run }: Run, { task, state, reason, status: code }: TaskChange): void {
    if (state !== 'failed') return;
    const failed = this.#byRun.get(run) ?? [];
    this.#byRun.set(run, failed);
    failed.push({ task, reason, status: code });
  }

  /** Of a run that has ended: one for each task that failed, all with the exit status of the first one. */
  of({ run, job, state, reason, status: code }: Run): Failure[] {
    if (state === 'success') return [];
    const failed = this.#byRun.get(run) ?? [];
    const end = code || status.temporary;
    const lines = failed
      .slice(0, MOST)
      .map((one) => `${one.task}: ${inWords(one)} (see runs logs ${run} --task ${one.task})`);
    if (failed.length > MOST) lines.push(`${failed.length - MOST} more tasks failed (see runs show ${run})`);
    if (lines.length === 0) lines.push(`${job}: ${reason ?? state} (see runs show ${run})`);
    return lines.map((line) => new Failure(end, line));
  }
}

function inWords({ reason, status: code }: Failed): string {
  const words = [reason === undefined ? [] : reason, code === undefined ? [] : `exit status ${code}`].flat();
  return words.join(', ') || 'failed';
}
