/**
 * Lost runs: those whose run-tasks was killed. The next run-tasks of the graph, or a schedule with the same ledger, ends them.
 */

import { Failure } from '../failure.ts';
import { tryToRemove } from '../files/remove.ts';
import { type GraphRecord, graphOf } from '../ledger/graphs.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { reportPath, taskOf } from '../ledger/log-path.ts';
import { isUnfinished, type RunOfRunner, readRunsOfRunners } from '../ledger/read-runs.ts';
import type { NextState, TryResult, TryRow } from '../ledger/records.ts';
import { readReports } from '../ledger/report-file.ts';
import { runOf, triesOf } from '../ledger/rows.ts';
import { liveRunners } from '../ledger/runner-lock.ts';
import { endLostRun, endTaskTry, type GraphEnd } from '../ledger/tasks.ts';
import { readGraph } from './graph/file/read-graph.ts';
import { DEFAULT_POLICIES, type Policies } from './jobs/policies.ts';
import { lostTry, type Search, wasBegun } from './lost-tries.ts';
import { unmeasured } from './tries/try.ts';

/** Ends the lost runs of all graphs of a ledger, for a caller that polls. */
export class LostRuns {
  readonly #ledger: Ledger;
  readonly #search: Omit<Search, 'runners'>;
  readonly #failed: (error: unknown) => void;
  /** Numbers of the runs being ended. */
  readonly #ending = new Set<number>();
  readonly #looks = new Set<Promise<void>>();

  /** @param failed called on a bug */
  constructor(ledger: Ledger, search: Omit<Search, 'runners'>, failed: (error: unknown) => void) {
    this.#ledger = ledger;
    this.#search = search;
    this.#failed = failed;
  }

  /** Starts to end the runs that are lost now. */
  look(): void {
    const look = endLostRuns(this.#ledger, this.#search, { ending: this.#ending })
      .catch((error) => {
        // If the ledger cannot be written now, the next look finds the run again.
        if (!(error instanceof Failure)) this.#failed(error);
      })
      .finally(() => this.#looks.delete(look));
    this.#looks.add(look);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#looks);
  }
}

interface Which {
  /** Only those of this job. */
  readonly job?: string;
  /** Numbers of the runs that another call is ending. */
  readonly ending?: Set<number>;
}

/**
 * Ends lost runs. Surviving tries are stopped or waited for, by the `orphans` policy of their task. Results that only the logs
 * hold are written to the ledger.
 *
 * @throws Failure of the ledger
 */
export async function endLostRuns(
  ledger: Ledger,
  search: Omit<Search, 'runners'>,
  { job, ending = new Set() }: Which,
): Promise<void> {
  const found = await ledger.read((file) => readRunsOfRunners(file, job));
  const live = await liveRunners(found.map(({ runner }) => runner));
  const lost = found.filter(({ run, runner }) => !live.has(runner) && !ending.has(run));
  for (const { run } of lost) ending.add(run);
  try {
    await Promise.all(lost.map((run) => endLost(run, ledger, search)));
  } finally {
    for (const { run } of lost) ending.delete(run);
  }
}

async function endLost(run: RunOfRunner, ledger: Ledger, search: Omit<Search, 'runners'>): Promise<void> {
  const { tries, kept } = await ledger.read((file) => ({
    tries: triesOf(file, run.run),
    kept: graphOf(file, run.graph ?? null),
  }));
  const open = tries.filter(({ state }) => state === 'running');
  const where: Search = { ...search, runners: [run.runner] };
  const policiesOf = policiesIn(open.length === 0 ? undefined : kept);
  const ends = await Promise.all(open.map((row) => endOf(row, run, { policies: policiesOf(row), where })));
  if (search.leaving?.aborted) return;
  const hasBegun = run.start !== undefined || ends.some((one) => one !== undefined);
  const [state, reason] = [hasBegun ? 'failed' : 'skipped', 'lost'] as const;
  const end: GraphEnd = { state, reason, status: undefined, end: search.now(), rows: undefined };
  await ledger.write((file) => {
    // Meanwhile another process may have ended it, or even resumed it.
    const now = runOf(file, run.run);
    if (now === undefined || !isUnfinished(now) || now.runner !== run.runner) return;
    for (const one of ends) {
      if (one === undefined) continue;
      const { row, result, next } = one;
      const reports = readReports(reportPath(search.logFolder, run, row.task, row.number));
      endTaskTry(file, row, { result, reports, next });
    }
    endLostRun(file, run.run, end);
  });
  tryToRemove(run.runner);
}

/** The policies of a try's task, from the graph file as it was when its run started. */
function policiesIn(kept: GraphRecord | undefined): (row: TryRow) => Policies {
  const { graph } = kept === undefined ? {} : readGraph(kept.text, kept.file);
  return ({ task }) => graph?.tasks.get(taskOf(task))?.policies ?? DEFAULT_POLICIES;
}

interface LostEnd {
  readonly row: TryRow;
  readonly result: TryResult;
  readonly next: NextState;
}

/** Waits until a try's processes are gone. @returns how it ended; undefined if it was intended but never started */
async function endOf(
  row: TryRow,
  run: RunOfRunner,
  { policies, where }: { policies: Policies; where: Search },
): Promise<LostEnd | undefined> {
  if (!wasBegun(run, row, where)) return undefined;
  const { result, gone } = lostTry(run, row, policies, where);
  await gone;
  const end = result ?? unmeasured({ state: 'failed', reason: 'lost', status: undefined, end: where.now() });
  return { row, result: end, next: { state: end.state, reason: end.reason } };
}
