/** A line of a log as an element. What a log says is text, whatever it says. */

import { make } from '../../shell/dom.ts';
import type { Piece } from './ansi.ts';

/** A stretch of a line that is marked, by letters from 0. */
export interface Mark {
  readonly from: number;
  readonly to: number;
  readonly isCurrent: boolean;
}

/** Pieces, cut where marks begin and end. */
export function markedPieces(
  pieces: readonly Piece[],
  marks: readonly Mark[],
): readonly (Piece & { readonly mark: Mark | undefined })[] {
  const cut: (Piece & { mark: Mark | undefined })[] = [];
  let at = 0;
  for (const { text, look } of pieces) {
    const end = at + text.length;
    const edges = marks.flatMap(({ from, to }) => [from, to]).filter((edge) => edge > at && edge < end);
    const points = [at, ...edges, end];
    for (const [index, point] of points.slice(0, -1).entries()) {
      const part = text.slice(point - at, (points[index + 1] ?? end) - at);
      const mark = marks.find(({ from, to }) => from <= point && point < to);
      if (part !== '') cut.push({ text: part, look, mark });
    }
    at = end;
  }
  return cut;
}

/** Shows pieces in the element of a line. */
export function fillLine(element: HTMLElement, pieces: readonly Piece[], marks: readonly Mark[]): void {
  const parts = markedPieces(pieces, marks).map(({ text, look, mark }) => {
    if (mark !== undefined)
      return make('mark', { class: `${look}${mark.isCurrent ? ' current' : ''}`.trim() }, text);
    return look === '' ? text : make('span', { class: look }, text);
  });
  element.replaceChildren(...parts, '\n');
}
