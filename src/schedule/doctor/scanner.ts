/** A text for the shell that is being read. */

export class Scanner {
  readonly text: string;
  at = 0;
  /** Whether all quotes and brackets so far were closed. */
  isWhole = true;

  constructor(text: string) {
    this.text = text;
  }

  /** The letter here, or some letters ahead; empty behind the end. */
  letter(ahead = 0): string {
    return this.text[this.at + ahead] ?? '';
  }

  /** Takes what a sticky pattern matches here; undefined when it does not match. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const text = pattern.exec(this.text)?.[0];
    this.at += text?.length ?? 0;
    return text;
  }

  /** Skips blanks and a comment. */
  skipBlanks(): void {
    this.take(/(?:[ \t]|\\\n)+/y);
    if (this.letter() === '#' && /[\s;&|()]|^$/.test(this.letter(-1))) this.take(/[^\n]*/y);
  }

  /** Whether the end has come inside of quotes or brackets, so that the text is not whole. */
  isCutOff(): boolean {
    if (this.at < this.text.length) return false;
    this.isWhole = false;
    return true;
  }
}
