/** Facts as a definition list. */

import { make } from '../../shell/dom.ts';
import type { Tip } from '../tips/tip-text.ts';

export function factsList({ facts }: Tip): HTMLElement {
  const told = facts.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
  const parts = told.flatMap(([name, text]) => [make('dt', {}, name), make('dd', {}, text)]);
  return make('dl', { class: 'facts' }, ...parts);
}
