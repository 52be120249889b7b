/** Untrusted text on a terminal: its width, and how to make it harmless. */

/** Characters two columns wide. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
/** Zero-width characters, which combine with the one before. */
const NARROW = /\p{Mn}|\p{Me}|[\u200b-\u200d]/u;

/** Replaces by U+FFFD what could move the cursor, change colours or reverse the writing direction. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/** Width of the text in terminal columns. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/**
 * Truncates the text to this width, with three dots at its end; returns it unchanged if it fits.
 *
 * @param measure the width of a text, additive over its characters; terminal columns by default
 */
export function cut(text: string, width: number, measure = widthOf): string {
  if (measure(text) <= width) return text;
  let room = width - measure('...');
  let kept = '';
  for (const character of text) {
    room -= measure(character);
    if (room < 0) break;
    kept += character;
  }
  return `${kept}...`.slice(0, width);
}

/** Pads the text with spaces on the left to this many columns. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}

function columnsOf(character: string): number {
  if (character >= ' ' && character <= '~') return 1;
  return NARROW.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}
