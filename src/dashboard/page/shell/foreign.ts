/** Untrusted text: names, tags, commands and their output. */

/** Replaces bidirectional control characters, which could reorder the text around them, by U+FFFD. */
export function foreign(text: string): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
