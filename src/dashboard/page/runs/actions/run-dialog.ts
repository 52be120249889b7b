/** The dialog to run a job now: asks for the time it is for, and the values of its declared variables. */

import { isoText, type Zone } from '../../data/format.ts';
import { find, make } from '../../shell/dom.ts';
import type { JobJson, RunRequestJson } from '../runs-json.ts';
import { requestOf } from './run-request.ts';

interface RunDialogOptions {
  readonly job: JobJson;
  readonly zone: Zone;
  /** In epoch ms. */
  readonly now: number;
  /** Called on confirmation. */
  run(request: RunRequestJson): void;
}

/** Opens the dialog. */
export function askHowToRun({ job, zone, now, run }: RunDialogOptions): void {
  const dialog = find('run-dialog', HTMLDialogElement);
  const time = make('input', { type: 'datetime-local', step: '1', name: 'at', max: '9999-12-31T23:59' });
  const inputs = Object.entries(job.env).map(([name, value]) => {
    const input = inputOf(value);
    return { name, value: input.value, input };
  });
  const cancel = make('button', { type: 'button' }, 'Cancel');
  const form = make(
    'form',
    { method: 'dialog', class: 'questions' },
    make('h2', { id: 'run-title' }, `Run ${job.name} now`),
    ...inputs.map(({ name, input }) => make('label', {}, make('code', {}, name), input)),
    make(
      'label',
      {},
      make('span', {}, `For the time (${zone === 'utc' ? 'UTC' : 'local'})`),
      time,
      make(
        'small',
        { class: 'muted' },
        `if empty: now, ${isoText(now, zone).slice(0, 16).replace('T', ' ')}`,
      ),
    ),
    make('p', { class: 'buttons' }, cancel, make('button', { type: 'submit', class: 'chief' }, 'Run now')),
  );
  cancel.onclick = () => dialog.close();
  form.onsubmit = () => run(requestOf(inputs, time.value, zone));
  dialog.onclose = () => dialog.replaceChildren();
  dialog.replaceChildren(form);
  dialog.showModal();
}

/** A textarea for multi-line values, because an input would strip the line breaks. */
function inputOf(value: string): HTMLInputElement | HTMLTextAreaElement {
  const same = { autocomplete: 'off', spellcheck: 'false' };
  if (!/[\r\n]/.test(value)) return make('input', { type: 'text', value, ...same });
  const area = make('textarea', { rows: '4', ...same });
  area.value = value;
  return area;
}
