/** Fits text into a width in an SVG, which has no text-overflow. */

/** Measures the width of a text in pixels. */
export type Measure = (text: string) => number;

/** Fraction of the kept characters that come from the end. */
const AT_END = 1 / 3;

/** Replaces the middle of a name that is too long: names often differ only at their ends. */
export function fittedName(name: string, pixels: number, measure: Measure): string {
  return fitted(name, pixels, measure, AT_END);
}

/** Drops the last facts if there are too many: truncation could turn a number into another one. */
export function fittedWords(facts: readonly string[], pixels: number, measure: Measure): string {
  for (let count = facts.length; count > 1; count -= 1) {
    const text = facts.slice(0, count).join(', ');
    if (measure(text) <= pixels) return text;
  }
  return fitted(facts[0] ?? '', pixels, measure, 0);
}

function fitted(text: string, pixels: number, measure: Measure, atEnd: number): string {
  if (measure(text) <= pixels) return text;
  const letters = [...text];
  const short = (kept: number) => {
    const end = Math.floor(kept * atEnd);
    return `${letters.slice(0, kept - end).join('')}…${letters.slice(letters.length - end).join('')}`;
  };
  let [fits, tooMany] = [0, letters.length];
  while (tooMany - fits > 1) {
    const kept = (fits + tooMany) >> 1;
    if (measure(short(kept)) <= pixels) fits = kept;
    else tooMany = kept;
  }
  return short(fits);
}
