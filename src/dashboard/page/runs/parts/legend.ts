/** The legend of the states in view, with their counts; a click highlights only that state. */

import { formatCount } from '../../data/format.ts';
import { make } from '../../shell/dom.ts';
import type { TaskState } from '../runs-json.ts';
import { stateSquare } from '../states/state-marks.ts';
import { stateWords } from '../states/states.ts';

export interface Legend {
  readonly element: HTMLElement;
  show(counts: readonly (readonly [state: TaskState, count: number])[], chosen: readonly string[]): void;
}

/** @param choose called with the states to highlight; empty for all */
export function createLegend(choose: (states: readonly string[]) => void): Legend {
  const element = make('div', { class: 'states', role: 'group', 'aria-label': 'Highlighted states' });
  const buttons = new Map<TaskState, HTMLButtonElement>();
  let states: readonly string[] = [];
  const button = (state: TaskState): HTMLButtonElement => {
    const known = buttons.get(state);
    if (known !== undefined) return known;
    const made = make('button', { type: 'button' }, stateSquare(state), stateWords(state), make('b'));
    made.onclick = () =>
      choose(states.includes(state) ? states.filter((each) => each !== state) : [...states, state]);
    buttons.set(state, made);
    return made;
  };
  return {
    element,
    show(counts, chosen) {
      states = chosen;
      const shown = counts.map(([state, count]) => {
        const made = button(state);
        made.setAttribute('aria-pressed', String(chosen.includes(state)));
        const number = made.querySelector('b');
        if (number !== null && number.textContent !== formatCount(count))
          number.textContent = formatCount(count);
        return made;
      });
      // Replaced only if buttons come or go, to keep the focus.
      if (shown.length !== element.children.length || shown.some((each, at) => each !== element.children[at]))
        element.replaceChildren(...shown);
    },
  };
}

/** Whether a state is highlighted. */
export function isLit(state: string, chosen: readonly string[]): boolean {
  return chosen.length === 0 || chosen.includes(state);
}
