/** Text that others wrote: names, tags, commands, what they print. It may be anything. */

/** The text with U+FFFD for what would turn the order of its letters, and of those behind it, round. */
export function foreign(text: string): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
