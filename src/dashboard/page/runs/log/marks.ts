/** Highlights ranges of a line, such as search matches. */

import type { Piece } from './ansi.ts';

/** A highlighted range of a line, in characters from 0. */
export interface Mark {
  readonly from: number;
  readonly to: number;
  readonly isCurrent: boolean;
}

/** Splits the pieces at the bounds of marks. */
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
