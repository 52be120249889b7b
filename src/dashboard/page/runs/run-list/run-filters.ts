/** Filters for the runs of a job: by state, trigger, and date. */

import { make } from '../../shell/dom.ts';
import type { RunState } from '../runs-json.ts';
import { stateSquare } from '../states/state-marks.ts';
import { stateWords } from '../states/states.ts';
import type { RunsContext, RunsState } from '../view.ts';

const STATES: readonly RunState[] = ['success', 'failed', 'running', 'queued', 'up_for_retry', 'skipped'];
const TRIGGERS = ['schedule', 'catchup', 'manual', 'retry', 'backfill'];

interface RunFilters {
  readonly element: HTMLElement;
  show(state: RunsState): void;
}

/** Creates filters that change the look. */
export function createRunFilters({ look, state }: RunsContext): RunFilters {
  const buttons = STATES.map((each) => [each, stateButton(each)] as const);
  for (const [each, button] of buttons)
    button.onclick = () => look({ states: toggled(state().look.states, each), before: undefined });
  const options = TRIGGERS.map((name) => make('option', { value: name }, name));
  const trigger = make(
    'select',
    { 'aria-label': 'Trigger' },
    make('option', { value: '' }, 'Any trigger'),
    ...options,
  );
  trigger.onchange = () => look({ trigger: trigger.value || undefined, before: undefined });
  const [from, to] = [dayInput('From'), dayInput('To')];
  from.input.onchange = () => look({ from: from.input.value || undefined, before: undefined });
  to.input.onchange = () => look({ to: to.input.value || undefined, before: undefined });
  const legend = make('legend', { class: 'hidden' }, 'States');
  const states = make('fieldset', { class: 'state-filter' }, legend, ...buttons.map(([, button]) => button));
  return {
    element: make('div', { class: 'filters' }, states, trigger, from.label, to.label),
    show({ look: chosen }) {
      for (const [each, button] of buttons)
        button.setAttribute('aria-pressed', String(chosen.states.includes(each)));
      trigger.value = chosen.trigger ?? '';
      from.input.value = chosen.from ?? '';
      to.input.value = chosen.to ?? '';
    },
  };
}

function stateButton(state: RunState): HTMLButtonElement {
  const words = make('span', {}, stateWords(state));
  return make(
    'button',
    { type: 'button', class: 'state-choice', title: stateWords(state) },
    stateSquare(state),
    words,
  );
}

function dayInput(text: string) {
  const input = make('input', { type: 'date', max: '9999-12-31' });
  return { input, label: make('label', { class: 'day' }, `${text} `, input) };
}

/** Adds the state if it is absent, removes it if it is present. */
function toggled(states: readonly string[], state: string): string[] {
  return states.includes(state) ? states.filter((each) => each !== state) : [...states, state];
}
