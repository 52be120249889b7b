/** Marks of states: a square in its colour, with its letter. */

import { make } from '../../shell/dom.ts';
import { type AnyState, stateClass, stateLetter, stateWords } from './states.ts';

/** A small square with the letter of a state, to be named by what it is in. */
export function stateSquare(state: AnyState): HTMLElement {
  return make('span', { class: `state ${stateClass(state)}`, 'aria-hidden': 'true' }, stateLetter(state));
}

/** The square and the words of a state. */
export function stateBadge(state: AnyState): HTMLElement {
  return make('span', { class: 'state-badge' }, stateSquare(state), stateWords(state));
}
