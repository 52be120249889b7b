/** States of runs and tasks as people see them: a letter, a word and a colour, never a colour alone. */

import { make } from '../shell/dom.ts';
import type { RunState, TaskState } from './runs-json.ts';

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

/** A small square with the letter of a state, to be named by what it is in. */
export function stateSquare(state: AnyState): HTMLElement {
  return make('span', { class: `state ${stateClass(state)}`, 'aria-hidden': 'true' }, stateLetter(state));
}

/** The square and the words of a state. */
export function stateBadge(state: AnyState): HTMLElement {
  return make('span', { class: 'state-badge' }, stateSquare(state), stateWords(state));
}
