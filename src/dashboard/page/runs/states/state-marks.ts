/** Marks of states: a coloured square with a letter. */

import { make } from '../../shell/dom.ts';
import { type AnyState, stateClass, stateLetter, stateWords } from './states.ts';

/** A small square with the letter of a state; its container must provide the label. */
export function stateSquare(state: AnyState): HTMLElement {
  return make('span', { class: `state ${stateClass(state)}`, 'aria-hidden': 'true' }, stateLetter(state));
}

/** The square and the words of a state. */
export function stateBadge(state: AnyState): HTMLElement {
  return make('span', { class: 'state-badge' }, stateSquare(state), stateWords(state));
}
