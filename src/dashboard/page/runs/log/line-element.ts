/** A line of a log as an element. What a log says is text, whatever it says. */

import { make } from '../../shell/dom.ts';
import type { Piece } from './ansi.ts';
import { type Mark, markedPieces } from './marks.ts';

/** Shows pieces in the element of a line. */
export function fillLine(element: HTMLElement, pieces: readonly Piece[], marks: readonly Mark[]): void {
  const parts = markedPieces(pieces, marks).map(({ text, look, mark }) => {
    if (mark !== undefined)
      return make('mark', { class: `${look}${mark.isCurrent ? ' current' : ''}`.trim() }, text);
    return look === '' ? text : make('span', { class: look }, text);
  });
  element.replaceChildren(...parts, '\n');
}
