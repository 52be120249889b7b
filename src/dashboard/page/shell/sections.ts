/** Which parts of the page are there: the charts, the table, or how to begin; and what went wrong. */

import { find, setText } from './dom.ts';

export function showSections(isEmpty: boolean, isTable: boolean): void {
  for (const id of ['tools', 'caption']) hide(id, isEmpty);
  hide('empty', !isEmpty);
  hide('panels', isEmpty || isTable);
  hide('rows', isEmpty || !isTable);
  hide('legend', isTable);
  find('png', HTMLButtonElement).disabled = isTable;
}

export function showProblem(problem: string | undefined): void {
  hide('problem', problem === undefined);
  setText(find('problem', HTMLElement), problem ?? '');
}

function hide(id: string, isHidden: boolean): void {
  find(id, HTMLElement).hidden = isHidden;
}
