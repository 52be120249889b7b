/** Asks for the token that posts need. It is kept in memory only, as long as the page is open. */

import { find, make } from '../../shell/dom.ts';

/** The entered token; undefined if the user cancels. */
export function askForToken(reason: string): Promise<string | undefined> {
  const dialog = find('token-dialog', HTMLDialogElement);
  const input = make('input', { type: 'password', autocomplete: 'off', required: '', id: 'token' });
  const cancel = make('button', { type: 'button' }, 'Cancel');
  const form = make(
    'form',
    { method: 'dialog', class: 'questions' },
    make('h2', { id: 'token-title' }, 'A token is needed'),
    make('p', { class: 'muted' }, reason),
    make('label', {}, make('span', {}, 'Token'), input),
    make('p', { class: 'buttons' }, cancel, make('button', { type: 'submit', class: 'chief' }, 'Continue')),
  );
  dialog.replaceChildren(form);
  cancel.onclick = () => dialog.close('');
  form.onsubmit = () => dialog.close('given');
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => {
      dialog.replaceChildren();
      resolve(dialog.returnValue === 'given' ? input.value : undefined);
    };
  });
}
