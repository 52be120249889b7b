/** States of runs and tasks for display: a letter, a name and a colour, never a colour alone. */

import type { RunState, TaskJson, TaskState } from '../runs-json.ts';

export type AnyState = RunState | TaskState;

/** In the order of legends: succeeded, in progress, failed, did not run. */
export const STATES = [
  ...(['success', 'running', 'queued', 'scheduled', 'up_for_retry'] as const),
  ...(['failed', 'upstream_failed', 'skipped', 'removed', 'none'] as const),
] satisfies readonly AnyState[];

const LETTERS: Readonly<Record<AnyState, string>> = {
  ...{ success: 'S', running: 'R', queued: 'Q', scheduled: 'D', up_for_retry: 'T' },
  ...{ failed: 'F', upstream_failed: 'U', skipped: 'K', removed: 'X', none: 'N' },
};

/** One letter, unique to the state. */
export function stateLetter(state: AnyState): string {
  return LETTERS[state];
}

/** `up for retry`. */
export function stateWords(state: AnyState): string {
  return state.replaceAll('_', ' ');
}

/** The CSS class that defines the colours of a state: `--state-page`, `--state-text` and `--state-edge`. */
export function stateClass(state: AnyState): string {
  return `state-${state.replaceAll('_', '-')}`;
}

/** Item counts of a task that is split, by state, in the order of STATES; empty for other tasks. */
export function itemCounts({
  items,
}: Pick<TaskJson, 'items'>): readonly (readonly [state: TaskState, count: number])[] {
  return STATES.flatMap((state) => {
    const count = items?.[state] ?? 0;
    return count > 0 ? [[state, count] as const] : [];
  });
}

/** Counts by state, in the order of STATES. */
export function countStates(
  states: readonly TaskState[],
): readonly (readonly [state: TaskState, count: number])[] {
  const counts = new Map<TaskState, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return STATES.flatMap((state) => {
    const count = counts.get(state) ?? 0;
    return count > 0 ? [[state, count] as const] : [];
  });
}
