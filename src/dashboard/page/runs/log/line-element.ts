/** A line of a log as an element. Its content is only ever inserted as text. */

import { make } from '../../shell/dom.ts';
import type { Piece } from './ansi.ts';
import { type Mark, markedPieces } from './marks.ts';

/** Fills the element of a line. */
export function fillLine(element: HTMLElement, pieces: readonly Piece[], marks: readonly Mark[]): void {
  const parts = markedPieces(pieces, marks).map(({ text, look, mark }) => {
    if (mark !== undefined)
      return make('mark', { class: `${look}${mark.isCurrent ? ' current' : ''}`.trim() }, text);
    return look === '' ? text : make('span', { class: look }, text);
  });
  element.replaceChildren(...parts, '\n');
}
