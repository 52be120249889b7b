/**
 * Airflow's trigger rules: the next state of a task, given the states of its upstream tasks. Pure.
 *
 * Most rules decide as soon as one upstream state settles the matter: a failure makes an `all_success` task `upstream_failed`
 * at once, and a later `skipped` no longer matters. So states depend on the order in which tasks end, in Airflow as here. To
 * get the same states, the caller must work as Airflow's scheduler does: judge all tasks by one snapshot of states, apply the
 * changes, and repeat until nothing changes. A change thus spreads by one task per pass.
 */

import type { TriggerRule } from '../graph.ts';

/** Numbers of upstream tasks by final state. Removed ones do not count. */
export interface Upstream {
  /** All of them, ended or not. */
  readonly total: number;
  readonly success: number;
  readonly failed: number;
  readonly upstreamFailed: number;
  readonly skipped: number;
}

/** A task waits, may run, or ends without running. */
export type Verdict = 'wait' | 'run' | 'skipped' | 'upstream_failed';

/** The counts that rules look at. */
interface Counts {
  readonly success: number;
  /** `failed` or `upstream_failed`. */
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

/** Applies a rule. A task without upstream tasks runs, whatever its rule. */
export function judge(rule: TriggerRule, upstream: Upstream): Verdict {
  const { total, success, skipped } = upstream;
  if (total === 0) return 'run';
  const failed = upstream.failed + upstream.upstreamFailed;
  return RULES[rule]({ success, failed, skipped, isDone: success + failed + skipped >= total });
}
