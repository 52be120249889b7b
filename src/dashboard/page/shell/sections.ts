/** Which sections of the page are visible: charts, table or the empty page; and the last error. */

import type { View } from '../data/view.ts';
import { find, setText } from './dom.ts';

/** Shows the section of the view, or the empty page for an empty store. */
export function showSections(isEmpty: boolean, show: View['show']): void {
  const isTable = show === 'table';
  for (const id of ['tools', 'caption']) hide(id, isEmpty);
  hide('empty', !isEmpty);
  hide('panels', isEmpty || isTable);
  hide('rows', isEmpty || !isTable);
  hide('legend', isTable);
  find('png', HTMLButtonElement).disabled = isTable;
}

/** Shows an error; undefined clears it. */
export function showProblem(problem: string | undefined): void {
  hide('problem', problem === undefined);
  setText(find('problem', HTMLElement), problem ?? '');
}

function hide(id: string, isHidden: boolean): void {
  find(id, HTMLElement).hidden = isHidden;
}
