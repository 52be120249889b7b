/** States of runs and tasks as people see them: a letter, a word and a colour, never a colour alone. */

import type { RunState, TaskJson, TaskState } from '../runs-json.ts';

export type AnyState = RunState | TaskState;

/** In the order of legends: what went well, what goes on, what went wrong, what did not run. */
export const STATES = [
  ...(['success', 'running', 'queued', 'scheduled', 'up_for_retry'] as const),
  ...(['failed', 'upstream_failed', 'skipped', 'removed', 'none'] as const),
] satisfies readonly AnyState[];

const LETTERS: Readonly<Record<AnyState, string>> = {
  ...{ success: 'S', running: 'R', queued: 'Q', scheduled: 'D', up_for_retry: 'T' },
  ...{ failed: 'F', upstream_failed: 'U', skipped: 'K', removed: 'X', none: 'N' },
};

/** One letter, different for each state. */
export function stateLetter(state: AnyState): string {
  return LETTERS[state];
}

/** `up for retry`. */
export function stateWords(state: AnyState): string {
  return state.replaceAll('_', ' ');
}

/** The class of elements in the colours of a state: `--state-page`, `--state-text` and `--state-edge` are set in it. */
export function stateClass(state: AnyState): string {
  return `state-${state.replaceAll('_', '-')}`;
}

/** Items of a task that is split, by state, in the order of STATES; empty for other tasks. */
export function itemCounts({
  items,
}: Pick<TaskJson, 'items'>): readonly (readonly [state: TaskState, count: number])[] {
  return STATES.flatMap((state) => {
    const count = items?.[state] ?? 0;
    return count > 0 ? [[state, count] as const] : [];
  });
}

/** How many there are of each state, in the order of STATES. */
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
