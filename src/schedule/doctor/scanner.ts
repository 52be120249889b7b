/** A cursor over the text of a shell script. */

export class Scanner {
  readonly text: string;
  at = 0;
  /** Whether all quotes and brackets so far were closed. */
  isWhole = true;

  constructor(text: string) {
    this.text = text;
  }

  /** The character here, or `ahead` characters later; empty past the end. */
  letter(ahead = 0): string {
    return this.text[this.at + ahead] ?? '';
  }

  /** Consumes the match of a sticky pattern here; undefined without a match. */
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

  /** Called inside quotes or brackets: whether the text ends here, which makes it incomplete. */
  isCutOff(): boolean {
    if (this.at < this.text.length) return false;
    this.isWhole = false;
    return true;
  }
}
