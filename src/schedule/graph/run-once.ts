/** Runs a graph once: `run-tasks FILE`. */

import { Failure, status } from '../../failure.ts';
import type { Run } from '../../ledger/records.ts';
import type { TaskChange } from '../../ledger/tasks.ts';
import { previousDue } from '../due.ts';
import { Failures } from './failures.ts';
import type { Graph } from './graph.ts';
import { graphJob } from './graph-job.ts';
import { type GraphIo, type GraphSettings, withGraphSession } from './graph-session.ts';

export interface Wish {
  /** The time that it is for; undefined is now. */
  readonly at: number | undefined;
  readonly env: Readonly<Record<string, string>>;
}

export interface Surroundings {
  readonly settings: GraphSettings;
  readonly io: GraphIo & { fail(error: Error): void };
}

/** Reports what failed. @throws Failure of the ledger */
export async function runOnce(
  graph: Graph,
  { at, env }: Wish,
  { settings, io }: Surroundings,
): Promise<void> {
  const job = graphJob(graph);
  const failures = new Failures();
  const events = {
    ...{ beat() {}, tryStarted() {}, tryEnded() {}, runEnded() {} },
    taskChanged: (run: Run, change: TaskChange) => {
      failures.add(run, change);
      io.explain(`${change.task}: ${change.state}`);
    },
  };
  const ended = await withGraphSession(job, { settings, io, events }, async (session) => {
    const scheduled = at ?? io.now();
    const dataEnd = previousDue(job.when, scheduled + 1) ?? scheduled;
    const dataStart = previousDue(job.when, dataEnd) ?? dataEnd;
    const run = await session.add({
      ...{
        trigger: 'manual',
        scheduled,
        repeat: undefined,
        env,
        isOfNow: at === undefined,
        dataStart,
        dataEnd,
      },
    });
    if (run === undefined) throw new Failure(status.software, 'the run is not written down');
    return session.execute(run);
  });
  for (const failure of failures.of(ended)) io.fail(failure);
}
