/** A switch that pauses and resumes a job. */

import { make } from '../../shell/dom.ts';
import { onUse, setRefusal } from './buttons.ts';

interface Switch {
  readonly element: HTMLButtonElement;
  /** @param refusal why it is disabled; undefined if it is enabled */
  show(isOn: boolean, refusal: string | undefined): void;
}

/** The switch of a job. */
export function createSwitch(job: string, switched: () => void): Switch {
  const element = make('button', {
    type: 'button',
    role: 'switch',
    class: 'pause-switch',
    'aria-label': job,
  });
  onUse(element, switched);
  return {
    element,
    show(isOn, refusal) {
      element.setAttribute('aria-checked', String(isOn));
      setRefusal(element, refusal, isOn ? 'Pause: do not start it when it is due' : 'Paused: resume it');
    },
  };
}
