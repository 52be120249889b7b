/** Text that has to fit into so many pixels of a drawing, which does not cut it as a style sheet would. */

/** How wide a text is, in pixels. */
export type Measure = (text: string) => number;

/** Of the letters that are kept, how many stand at the end. */
const AT_END = 1 / 3;

/** The middle is left out where the name is too long, since names differ at their ends. */
export function fittedName(name: string, pixels: number, measure: Measure): string {
  return fitted(name, pixels, measure, AT_END);
}

/** The last facts are left out where there are too many: half a number would be another one. */
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
