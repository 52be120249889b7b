/** Parses and expands shell words: quotes, variables, substitutions. */

import type { Scanner } from './scanner.ts';

export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly isQuoted: boolean }
  | {
      readonly kind: 'variable';
      readonly name: string;
      /** Whether it is just `$NAME` or `${NAME}`. */
      readonly isPlain: boolean;
      /** Whether it handles an unset variable, as `${NAME:-x}` does. */
      readonly hasDefault: boolean;
      /** Whether it sets the variable: `${NAME:=x}`. */
      readonly sets: boolean;
    }
  /** Known only at run time: the output of a command, arithmetic, a parameter such as `$1`. */
  | { readonly kind: 'result' };

export interface Word {
  readonly parts: readonly Part[];
}

/**
 * The expansion of a word with these variables; undefined when it depends on anything else.
 *
 * @param values of the variables; `~` expands to `HOME`
 */
export function expand({ parts }: Word, values: ReadonlyMap<string, string>): string | undefined {
  let text = '';
  for (const part of parts) {
    const expanded = expandPart(part, values, text === '');
    if (expanded === undefined) return undefined;
    text += expanded;
  }
  return text;
}

function expandPart(part: Part, values: ReadonlyMap<string, string>, isFirst: boolean): string | undefined {
  if (part.kind === 'result') return undefined;
  if (part.kind === 'variable') {
    const value = part.isPlain ? values.get(part.name) : undefined;
    // Unquoted, it could be split into words or match file names.
    return value === undefined || /[\s*?[]/.test(value) ? undefined : value;
  }
  if (part.isQuoted) return part.text;
  if (/[*?{]|\[.*\]/.test(part.text)) return undefined;
  if (!isFirst || !part.text.startsWith('~')) return part.text;
  const home = /^~(?=\/|$)/.test(part.text) ? values.get('HOME') : undefined;
  return home === undefined ? undefined : home + part.text.slice(1);
}

/** Reads a command inside a word: from the scanner, up to the closing bracket, or from a separate text. */
export interface CommandReader {
  readUntilBracket(): void;
  readText(text: string): void;
}

const NAME = /[A-Za-z_]\w*/y;
const SPECIAL = /[0-9@*#?$!-]/;
const END = /[ \t\n;&|<>()]/;

/** Reads words from a scanner, including the commands inside them. */
export class WordReader {
  readonly #scan: Scanner;
  readonly #commands: CommandReader;

  constructor(scan: Scanner, commands: CommandReader) {
    this.#scan = scan;
    this.#commands = commands;
  }

  /** The word that starts here. */
  read(): Word {
    const parts: Part[] = [];
    while (this.#scan.at < this.#scan.text.length) {
      const letter = this.#scan.letter();
      if (this.#isProcess()) {
        this.#scan.at += 2;
        this.#commands.readUntilBracket();
        parts.push({ kind: 'result' });
      } else if (END.test(letter)) break;
      else this.#readPart(parts, false);
    }
    return { parts };
  }

  /** `<(command)` */
  #isProcess(): boolean {
    return /[<>]/.test(this.#scan.letter()) && this.#scan.letter(1) === '(';
  }

  #readPart(parts: Part[], inQuotes: boolean): void {
    const letter = this.#scan.letter();
    if (letter === '\\') this.#readEscape(parts, inQuotes);
    else if (letter === '"' && !inQuotes) this.#readDoubleQuotes(parts);
    else if (letter === "'" && !inQuotes) this.#readSingleQuotes(parts, false);
    else if (letter === '`') this.#readBackticks(parts);
    else if (letter === '$') this.#readDollar(parts, inQuotes);
    else {
      addText(parts, letter, inQuotes);
      this.#scan.at += 1;
    }
  }

  #readEscape(parts: Part[], inQuotes: boolean): void {
    const next = this.#scan.letter(1);
    if (next === '') this.#scan.isWhole = false;
    addText(parts, inQuotes && !/[$`"\\]/.test(next) ? `\\${next}` : next, true);
    this.#scan.at += 2;
  }

  #readDoubleQuotes(parts: Part[]): void {
    this.#scan.at += 1;
    addText(parts, '', true);
    while (this.#scan.letter() !== '"') {
      if (this.#scan.isCutOff()) return;
      this.#readPart(parts, true);
    }
    this.#scan.at += 1;
  }

  /** @param isEscaped for bash's `$'...'` */
  #readSingleQuotes(parts: Part[], isEscaped: boolean): void {
    const start = this.#scan.at + 1;
    this.#scan.at = start;
    while (this.#scan.letter() !== "'") {
      if (this.#scan.isCutOff()) return;
      this.#scan.at += isEscaped && this.#scan.letter() === '\\' ? 2 : 1;
    }
    const text = this.#scan.text.slice(start, this.#scan.at);
    if (isEscaped && text.includes('\\')) parts.push({ kind: 'result' });
    else addText(parts, text, true);
    this.#scan.at += 1;
  }

  #readBackticks(parts: Part[]): void {
    const start = this.#scan.at + 1;
    this.#scan.at = start;
    while (this.#scan.letter() !== '`') {
      if (this.#scan.isCutOff()) return;
      this.#scan.at += this.#scan.letter() === '\\' ? 2 : 1;
    }
    this.#commands.readText(this.#scan.text.slice(start, this.#scan.at).replace(/\\([$`\\])/g, '$1'));
    parts.push({ kind: 'result' });
    this.#scan.at += 1;
  }

  #readDollar(parts: Part[], inQuotes: boolean): void {
    const next = this.#scan.letter(1);
    if (next === '(' && this.#scan.letter(2) === '(') this.#readArithmetic(parts);
    else if (next === '(') {
      this.#scan.at += 2;
      this.#commands.readUntilBracket();
      parts.push({ kind: 'result' });
    } else if (next === '{') this.#readBraces(parts, inQuotes);
    else if (next === "'" && !inQuotes) {
      this.#scan.at += 1;
      this.#readSingleQuotes(parts, true);
    } else if (next === '"' && !inQuotes) this.#scan.at += 1;
    else this.#readName(parts, inQuotes);
  }

  #readName(parts: Part[], inQuotes: boolean): void {
    this.#scan.at += 1;
    const name = this.#scan.take(NAME);
    if (name !== undefined) {
      parts.push({ kind: 'variable', name, isPlain: true, hasDefault: false, sets: false });
    } else if (SPECIAL.test(this.#scan.letter())) {
      this.#scan.at += 1;
      parts.push({ kind: 'result' });
    } else addText(parts, '$', inQuotes);
  }

  /** `$((...))`, with its variables that have a `$`. */
  #readArithmetic(parts: Part[]): void {
    this.#scan.at += 3;
    const inner: Part[] = [];
    for (let depth = 2; depth > 0; ) {
      if (this.#scan.isCutOff()) break;
      const letter = this.#scan.letter();
      if (letter === '(') depth += 1;
      if (letter === ')') depth -= 1;
      this.#readPart(inner, true);
    }
    parts.push({ kind: 'result' }, ...inner.filter(({ kind }) => kind === 'variable'));
  }

  /** `${NAME...}` */
  #readBraces(parts: Part[], inQuotes: boolean): void {
    this.#scan.at += 2;
    const isLength = this.#scan.letter() === '#' && this.#scan.letter(1) !== '}';
    if (isLength) this.#scan.at += 1;
    const name = this.#scan.take(NAME);
    const rest: Part[] = [];
    const start = this.#scan.at;
    while (this.#scan.letter() !== '}') {
      if (this.#scan.isCutOff()) return;
      this.#readPart(rest, inQuotes);
    }
    const operator = this.#scan.text.slice(start, this.#scan.at);
    this.#scan.at += 1;
    if (name === undefined) parts.push({ kind: 'result' });
    else {
      const [hasDefault, sets] = [/^:?[-+=]/.test(operator), /^:?=/.test(operator)];
      parts.push({ kind: 'variable', name, isPlain: operator === '' && !isLength, hasDefault, sets });
    }
  }
}

/** Appends text, merged with a preceding text that is quoted alike. */
function addText(parts: Part[], text: string, isQuoted: boolean): void {
  const last = parts.at(-1);
  if (last?.kind === 'text' && last.isQuoted === isQuoted) {
    parts[parts.length - 1] = { ...last, text: last.text + text };
  } else parts.push({ kind: 'text', text, isQuoted });
}
