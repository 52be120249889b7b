/**
 * Airflow's trigger rules: what becomes of a task, from the states of the tasks that it needs. Pure.
 *
 * Most rules decide before all of these have ended, as soon as one state settles the matter: a failed one makes an
 * `all_success` task `upstream_failed` at once, and a later `skipped` one changes nothing any more. So states depend on the
 * order in which tasks end, there and here. For the same reason all tasks are to be judged by the states from before any of
 * them is changed, and again until none changes, as Airflow's scheduler passes over them: news spreads by one task a pass.
 */

import type { TriggerRule } from '../graph.ts';

/** How many of the tasks that are needed have ended, by state. One that was removed is not needed any more. */
export interface Upstream {
  /** Of all, ended or not. */
  readonly total: number;
  readonly success: number;
  readonly failed: number;
  readonly upstreamFailed: number;
  readonly skipped: number;
}

/** It waits, may run, or has come to its end without running. */
export type Verdict = 'wait' | 'run' | 'skipped' | 'upstream_failed';

/** The counts that rules go by. */
interface Counts {
  readonly success: number;
  /** Failed by itself, or since what it needs has failed. */
  readonly failed: number;
  readonly skipped: number;
  /** Whether all have ended. */
  readonly isDone: boolean;
}

const RULES: Readonly<Record<TriggerRule, (counts: Counts) => Verdict>> = {
  all_success: ({ failed, skipped, isDone }) => {
    if (failed > 0) return 'upstream_failed';
    if (skipped > 0) return 'skipped';
    return runIf(isDone);
  },
  all_failed: ({ success, skipped, isDone }) => (success + skipped > 0 ? 'skipped' : runIf(isDone)),
  all_done: ({ isDone }) => runIf(isDone),
  one_success: ({ success, failed, isDone }) => {
    if (success > 0) return 'run';
    if (!isDone) return 'wait';
    return failed > 0 ? 'upstream_failed' : 'skipped';
  },
  one_failed: ({ failed, isDone }) => {
    if (failed > 0) return 'run';
    return isDone ? 'skipped' : 'wait';
  },
  none_failed: ({ failed, isDone }) => (failed > 0 ? 'upstream_failed' : runIf(isDone)),
  none_failed_min_one_success: ({ success, failed, isDone }) => {
    if (failed > 0) return 'upstream_failed';
    return isDone && success === 0 ? 'skipped' : runIf(isDone);
  },
  none_skipped: ({ skipped, isDone }) => (skipped > 0 ? 'skipped' : runIf(isDone)),
  always: () => 'run',
};

function runIf(isDone: boolean): Verdict {
  return isDone ? 'run' : 'wait';
}

/** What a rule makes of a task now. One that needs none runs, whatever its rule. */
export function judge(rule: TriggerRule, upstream: Upstream): Verdict {
  const { total, success, skipped } = upstream;
  if (total === 0) return 'run';
  const failed = upstream.failed + upstream.upstreamFailed;
  return RULES[rule]({ success, failed, skipped, isDone: success + failed + skipped >= total });
}
