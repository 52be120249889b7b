/** Stretches of a line that are marked, such as what was searched for. */

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
