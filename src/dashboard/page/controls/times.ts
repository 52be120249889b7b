/** The dialog for a time span. */

import { zoneName } from '../data/format.ts';
import { fieldText, spanOfFields } from '../data/time-field.ts';
import { find, setText } from '../shell/dom.ts';
import type { Context } from '../shell/page.ts';

/** Binds the dialog of index.html. @returns a function that opens it */
export function attachTimes({ state, now, look }: Context): () => void {
  const dialog = find('times', HTMLDialogElement);
  const [from, to] = [find('times-from', HTMLInputElement), find('times-to', HTMLInputElement)];
  const zone = () => state().preferences.zone;
  const check = () => {
    const span = spanOfFields({ from: from.value, to: to.value }, { zone: zone(), now: now() });
    from.setCustomValidity(typeof span === 'string' ? span : '');
    return typeof span === 'string' ? undefined : span;
  };
  for (const field of [from, to]) field.oninput = check;
  find('times-form', HTMLFormElement).onsubmit = () => {
    const span = check();
    // Shown as requested, even where there are no rows.
    if (span !== undefined) look({ zoom: span });
  };
  return () => {
    const { span, isLive } = state().selection;
    from.value = fieldText(span.from, zone());
    to.value = isLive ? '' : fieldText(span.to, zone());
    check();
    setText(find('times-zone', HTMLElement), zoneName(zone()));
    dialog.showModal();
  };
}
