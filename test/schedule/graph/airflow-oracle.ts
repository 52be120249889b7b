/**
 * How a graph ends, by Airflow's documentation and not by our code: what each rule says of states that have ended, and how
 * the scheduler passes over the tasks that have not.
 */

import type { TriggerRule } from '../../../src/schedule/graph/graph.ts';

export type EndState = 'success' | 'failed' | 'skipped' | 'upstream_failed';

export interface OracleTask {
  readonly name: string;
  readonly needs: readonly string[];
  readonly rule: TriggerRule;
  /** How it ends, when it runs. */
  readonly outcome: Exclude<EndState, 'upstream_failed'>;
}

const isFailure = (state: EndState) => state === 'failed' || state === 'upstream_failed';
const isSkipped = (state: EndState) => state === 'skipped';
const isSuccess = (state: EndState) => state === 'success';

type Rule = (states: readonly EndState[]) => 'run' | 'skipped' | 'upstream_failed';

const otherwise = (isMet: boolean, state: 'skipped' | 'upstream_failed') => (isMet ? 'run' : state);

/** Of tasks that have all ended. The comments are the documentation's words. */
const RULES: Readonly<Record<TriggerRule, Rule>> = {
  // All upstream tasks have succeeded.
  all_success: (states) =>
    otherwise(states.every(isSuccess), states.some(isFailure) ? 'upstream_failed' : 'skipped'),
  // All upstream tasks are in a failed or upstream_failed state.
  all_failed: (states) => otherwise(states.every(isFailure), 'skipped'),
  // All upstream tasks are done with their execution.
  all_done: () => 'run',
  // At least one upstream task has succeeded.
  one_success: (states) =>
    otherwise(states.some(isSuccess), states.every(isSkipped) ? 'skipped' : 'upstream_failed'),
  // At least one upstream task has failed.
  one_failed: (states) => otherwise(states.some(isFailure), 'skipped'),
  // All upstream tasks have not failed or upstream_failed: they have succeeded or been skipped.
  none_failed: (states) => otherwise(!states.some(isFailure), 'upstream_failed'),
  // All upstream tasks have not failed or upstream_failed, and at least one has succeeded.
  none_failed_min_one_success: (states) =>
    states.some(isFailure) ? 'upstream_failed' : otherwise(states.some(isSuccess), 'skipped'),
  // No upstream task is in a skipped state.
  none_skipped: (states) => otherwise(!states.some(isSkipped), 'skipped'),
  // No dependencies at all, run this task at any time.
  always: () => 'run',
};

/** These do not wait for all upstream tasks to be done. */
const EAGER: readonly TriggerRule[] = ['one_success', 'one_failed', 'always'];

/** What a rule says when some states are known and others are open. A task ends unrun as soon as nothing can let it run. */
export function oracleVerdict(
  rule: TriggerRule,
  ended: readonly EndState[],
  open: number,
): 'wait' | 'run' | 'skipped' | 'upstream_failed' {
  const says = RULES[rule];
  if (ended.length + open === 0) return 'run';
  if (open === 0) return says(ended);
  if (EAGER.includes(rule) && says(ended) === 'run') return 'run';
  return [...completions(ended, open)].some((states) => says(states) === 'run') ? 'wait' : says(ended);
}

/** All ways in which what is open may end. */
function* completions(ended: readonly EndState[], open: number): Generator<readonly EndState[]> {
  if (open === 0) return yield ended;
  for (const state of ['success', 'failed', 'skipped'] as const)
    yield* completions([...ended, state], open - 1);
}

/**
 * How each task ends. Airflow passes over its tasks again and again: what a pass decides goes by the states from before the
 * pass, so that news spreads by one task per pass.
 *
 * @param next which of those that run ends next
 */
export function airflowStates(
  tasks: readonly OracleTask[],
  next: (running: readonly string[]) => string,
): Map<string, EndState> {
  const ended = new Map<string, EndState>();
  const running = new Set<string>();
  for (;;) {
    while (pass(tasks, ended, running));
    if (running.size === 0) return ended;
    const name = next([...running]);
    const task = tasks.find((one) => one.name === name);
    if (task === undefined || !running.delete(name)) throw new Error(`${name} does not run`);
    ended.set(name, task.outcome);
  }
}

/** @returns whether a task has ended in it */
function pass(tasks: readonly OracleTask[], ended: Map<string, EndState>, running: Set<string>): boolean {
  const before = new Map(ended);
  for (const { name, needs, rule } of tasks) {
    if (before.has(name) || running.has(name)) continue;
    const states = needs.flatMap((need) => before.get(need) ?? []);
    const verdict = oracleVerdict(rule, states, needs.length - states.length);
    if (verdict === 'run') running.add(name);
    else if (verdict !== 'wait') ended.set(name, verdict);
  }
  return ended.size > before.size;
}
