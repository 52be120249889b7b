/**
 * How a graph ends according to Airflow's documentation, independent of our code: what each rule decides for finished states,
 * and how the scheduler loops over unfinished tasks.
 */

import type { TriggerRule } from '../../../src/schedule/graph/graph.ts';

export type EndState = 'success' | 'failed' | 'skipped' | 'upstream_failed';

export interface OracleTask {
  readonly name: string;
  readonly needs: readonly string[];
  readonly rule: TriggerRule;
  /** How it ends if it runs. */
  readonly outcome: Exclude<EndState, 'upstream_failed'>;
}

const isFailure = (state: EndState) => state === 'failed' || state === 'upstream_failed';
const isSkipped = (state: EndState) => state === 'skipped';
const isSuccess = (state: EndState) => state === 'success';

type Rule = (states: readonly EndState[]) => 'run' | 'skipped' | 'upstream_failed';

const otherwise = (isMet: boolean, state: 'skipped' | 'upstream_failed') => (isMet ? 'run' : state);

/** The rules for finished upstream tasks. The comments quote the documentation. */
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

/** These rules do not wait for all upstream tasks. */
const EAGER: readonly TriggerRule[] = ['one_success', 'one_failed', 'always'];

/** What a rule decides when some states are open. A task ends without running as soon as it can no longer run. */
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

/** All possible outcomes of the open states. */
function* completions(ended: readonly EndState[], open: number): Generator<readonly EndState[]> {
  if (open === 0) return yield ended;
  for (const state of ['success', 'failed', 'skipped'] as const)
    yield* completions([...ended, state], open - 1);
}

/**
 * How each task ends. Airflow loops over its tasks; the decisions of a pass are based on the states before it, so changes
 * propagate by one task per pass.
 *
 * @param next selects the running task that ends next
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

/** @returns whether a task ended in this pass */
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
