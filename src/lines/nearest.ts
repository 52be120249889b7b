/** Suggests the word that was probably meant by an unknown one. */

import { quote } from './line.ts';

/** The known word nearest to this one; undefined if none is near. */
export function nearestWord(word: string, known: Iterable<string>): string | undefined {
  // Limits the distance to less than about half the word: beyond that it is another word.
  let nearest = Math.min(3, Math.floor(word.length / 2) + 1);
  let found: string | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= nearest) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < nearest) [nearest, found] = [distance, candidate];
  }
  return found;
}

/** `; did you mean "overlap"?` for a message about an unknown word; empty if no known word is near. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const nearest = nearestWord(word, known);
  return nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
}

/** The problem of a text that has to be one of these words, for a message. */
export function notOneOf(text: string, words: readonly string[]): string {
  return `not one of ${words.join(', ')}: ${quote(text)}${didYouMean(text, words)}`;
}

/**
 * Restricted Damerau-Levenshtein distance (optimal string alignment): the number of letters to insert, delete, replace or
 * swap with their neighbour.
 */
export function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      let least = Math.min(
        at(above, column) + 1,
        at(current, column - 1) + 1,
        at(above, column - 1) + (isSame ? 0 : 1),
      );
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (row > 1 && column > 1 && isSwapped) least = Math.min(least, at(before, column - 2) + 1);
      current.push(least);
    }
    [before, above] = [above, current];
  }
  return at(above, other.length);
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] ?? 0;
}
