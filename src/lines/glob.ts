/** Patterns of names, as in a shell: `*` is any text, `?` any character, and a backslash escapes the next character. */

/** Whether a name matches a pattern. */
export type Matches = (name: string) => boolean;

/** Parses a pattern, for an option's `parse`. Matching takes at worst the product of both lengths, and constant memory. */
export function parseGlob(text: string): Matches {
  const parts = [...text.matchAll(/\\?./gsu)].map(([part]) => part);
  return (name) => matches(parts, [...name]);
}

/** Backtracks only to the last `*`: earlier ones never need another try. */
function matches(parts: readonly string[], letters: readonly string[]): boolean {
  let [part, letter, star, tried] = [0, 0, -1, 0];
  while (letter < letters.length) {
    const wanted = parts[part];
    if (wanted === '*') {
      [star, tried] = [part, letter];
      part++;
    } else if (wanted === '?' || literal(wanted) === letters[letter]) {
      part++;
      letter++;
    } else if (star >= 0) {
      part = star + 1;
      letter = ++tried;
    } else return false;
  }
  return parts.slice(part).every((rest) => rest === '*');
}

function literal(part: string | undefined): string | undefined {
  return part !== undefined && part.length > 1 && part.startsWith('\\') ? part.slice(1) : part;
}
