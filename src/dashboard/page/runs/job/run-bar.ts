/** The bar of the current run: its state, start and duration, the neighbouring runs, and the actions. */

import { make, setText } from '../../shell/dom.ts';
import { onUse, setRefusal } from '../actions/buttons.ts';
import { retriedTask, retryRefusal, stopRefusal } from '../actions/refusals.ts';
import type { RunDetailJson } from '../runs-json.ts';
import { stateBadge } from '../states/state-marks.ts';
import type { RunsContext, RunsState } from '../view.ts';
import { runFacts } from '../words/run-facts.ts';
import type { Neighbours } from './neighbours.ts';

interface RunBar {
  show(run: RunDetailJson, state: RunsState, neighbours: Neighbours): void;
}

/** Creates the bar in an element. */
export function createRunBar(element: HTMLElement, context: RunsContext): RunBar {
  let run: RunDetailJson | undefined;
  let task: string | undefined;
  let beside: Neighbours = { earlier: undefined, later: undefined };
  const number = make('b', {});
  const state = make('span', { class: 'run-state' });
  const facts = make('span', { class: 'run-facts' });
  const [earlier, later] = [step('earlier', '‹', 'Previous run ([)'), step('later', '›', 'Next run (])')];
  const [stop, retry] = [button('Stop'), button('Retry')];
  earlier.onclick = () => context.look({ run: beside.earlier, attempt: undefined });
  later.onclick = () => context.look({ run: beside.later, attempt: undefined });
  onUse(stop, () => run !== undefined && void context.act({ verb: 'stop', run: run.run }));
  onUse(retry, () => {
    if (run !== undefined)
      void context.act({ verb: 'retry', run: run.run, request: task === undefined ? {} : { task } });
  });
  const steps = make('span', { class: 'group' }, earlier, later);
  element.replaceChildren(steps, number, state, facts, make('span', { class: 'space' }), retry, stop);
  return {
    show(newest, { live, look, preferences }, neighbours) {
      [run, task, beside] = [newest, retriedTask(newest, look.task), neighbours];
      earlier.disabled = neighbours.earlier === undefined;
      later.disabled = neighbours.later === undefined;
      setText(number, `Run ${newest.run}`);
      showState(state, newest);
      setText(facts, runFacts(newest, context.now(), preferences.zone).join(' · '));
      setText(retry, task === undefined ? 'Retry what failed' : `Retry ${task} and what follows`);
      setRefusal(retry, retryRefusal(newest.state, live));
      setRefusal(stop, stopRefusal(newest, live));
    },
  };
}

function step(name: string, sign: string, title: string): HTMLButtonElement {
  const attributes = { type: 'button', class: 'small', 'aria-label': title, title, 'data-step': name };
  return make('button', attributes, sign);
}

function button(text: string): HTMLButtonElement {
  return make('button', { type: 'button' }, text);
}

function showState(element: HTMLElement, { state, reason }: RunDetailJson): void {
  const key = `${state} ${reason ?? ''}`;
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  element.replaceChildren(stateBadge(state), ...(reason === null ? [] : [` (${reason})`]));
}
