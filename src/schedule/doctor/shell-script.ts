/**
 * Parses a shell script into its simple commands, in order, including those in pipelines, subshells and substitutions.
 *
 * Reads the common syntax of POSIX shells and bash, to find words; it does not check syntax.
 */

import { Scanner } from './scanner.ts';
import { type Assignment, bareText, type Redirection, type Step } from './shell-step.ts';
import { type Word, WordReader } from './shell-word.ts';

export interface ShellScript {
  readonly steps: readonly Step[];
  /** Variables of `for`, `select` and `((...))`. */
  readonly loopVariables: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  /** Whether all quotes and brackets are closed. */
  readonly isWhole: boolean;
}

export function readScript(text: string): ShellScript {
  const found: Found = { steps: [], loopVariables: new Set(), functions: new Set(), isWhole: true };
  readInto(found, text);
  return found;
}

interface Found extends ShellScript {
  readonly steps: Step[];
  readonly loopVariables: Set<string>;
  readonly functions: Set<string>;
  isWhole: boolean;
}

/** Reserved words followed by a command. */
const OPENING = new Set(['if', 'then', 'elif', 'else', 'while', 'until', 'do', '!', '{', 'time']);
const CLOSING = new Set(['fi', 'done', 'esac', '}']);
const SEPARATOR = /\|\||\|&?|&&|&(?!>)|;;?&?|\n/y;
const REDIRECTION = /(?:\d*|\{\w+\})(?:<<<|<<-?|<>|<&|<(?!\()|>>|>&|>\||>(?!\()|&>>?)/y;
const ASSIGNMENT = /([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=/y;

function readInto(found: Found, text: string): void {
  const scan = new Scanner(text);
  const reader = new ScriptReader(scan, found);
  reader.readList(undefined);
  if (!scan.isWhole) found.isWhole = false;
}

class ScriptReader {
  readonly #scan: Scanner;
  readonly #found: Found;
  readonly #word: WordReader;
  /** Depth of open `case` commands, whose patterns end with a bracket. */
  #cases = 0;

  constructor(scan: Scanner, found: Found) {
    this.#scan = scan;
    this.#found = found;
    this.#word = new WordReader(scan, {
      readUntilBracket: () => this.#readShell(),
      readText: (text) => {
        this.#found.steps.push({ kind: 'enter' });
        readInto(this.#found, text);
        this.#found.steps.push({ kind: 'leave' });
      },
    });
  }

  /** Reads commands up to the end of the text or this bracket. */
  readList(end: ')' | undefined): void {
    const cases = this.#cases;
    this.#cases = 0;
    let isPiped = false;
    for (;;) {
      this.#scan.skipBlanks();
      const letter = this.#scan.letter();
      if (letter === '' || letter === end) break;
      const separator = this.#scan.take(SEPARATOR);
      if (separator !== undefined) isPiped = /^\|&?$/.test(separator);
      else if (letter === ')') this.#scan.at += 1;
      else if (letter === '(') this.#openBracket();
      else isPiped = this.#readCommand(isPiped);
    }
    this.#cases = cases;
    if (end === undefined) return;
    if (this.#scan.letter() === end) this.#scan.at += 1;
    else this.#scan.isWhole = false;
  }

  #readShell(): void {
    this.#found.steps.push({ kind: 'enter' });
    this.readList(')');
    this.#found.steps.push({ kind: 'leave' });
  }

  #openBracket(): void {
    this.#scan.at += 1;
    if (this.#scan.letter() !== '(') {
      this.#readShell();
      return;
    }
    const text = this.#scan.take(/.*?(?:\)\)|$)/sy) ?? '';
    if (!text.endsWith('))')) this.#scan.isWhole = false;
    for (const [, name = ''] of text.matchAll(/([A-Za-z_]\w*)\s*(?:[-+*/%]?=(?!=)|\+\+|--)/g)) {
      this.#found.loopVariables.add(name);
    }
  }

  /** @returns whether the next command is still the target of the pipe: after a reserved word, which is not a command */
  #readCommand(isPiped: boolean): boolean {
    const assignments: Assignment[] = [];
    const words: Word[] = [];
    const redirections: Redirection[] = [];
    for (;;) {
      this.#scan.skipBlanks();
      const redirection = this.#scan.take(REDIRECTION);
      if (redirection !== undefined) {
        this.#scan.skipBlanks();
        redirections.push({
          operator: redirection.replace(/^(?:\d*|\{\w+\})/, ''),
          target: this.#word.read(),
        });
        continue;
      }
      if (this.#isEnd(words)) break;
      const name = words.length === 0 ? this.#takeAssigned() : undefined;
      if (name !== undefined) {
        assignments.push({ name, value: this.#readValue() });
        continue;
      }
      const word = this.#word.read();
      if (words.length === 0 && assignments.length === 0 && this.#readReserved(word)) {
        return isPiped;
      }
      words.push(word);
    }
    if (assignments.length + words.length + redirections.length > 0) {
      this.#found.steps.push({ kind: 'command', assignments, words, redirections, isPiped });
    }
    return false;
  }

  /** Whether a command with these words so far ends here. */
  #isEnd(words: readonly Word[]): boolean {
    const [first, last] = [words[0], words.at(-1)];
    const isTest = first !== undefined && bareText(first) === '[[';
    if (this.#scan.letter() === '') return true;
    if (isTest && last !== undefined && bareText(last) !== ']]') {
      while (/[\s()&|;]/.test(this.#scan.letter())) this.#scan.at += 1;
      return this.#scan.letter() === '';
    }
    return /[()|&;\n]/.test(this.#scan.letter());
  }

  #takeAssigned(): string | undefined {
    ASSIGNMENT.lastIndex = this.#scan.at;
    const [all, name] = ASSIGNMENT.exec(this.#scan.text) ?? [];
    this.#scan.at += all?.length ?? 0;
    return name;
  }

  /** The value of an assignment: a word, or the words of an array. */
  #readValue(): Word {
    if (this.#scan.letter() !== '(') return this.#word.read();
    this.#scan.at += 1;
    while (this.#scan.letter() !== ')') {
      if (this.#scan.letter() === '') {
        this.#scan.isWhole = false;
        break;
      }
      if (this.#scan.take(/[\s;&|<>(]+/y) === undefined) this.#word.read();
    }
    this.#scan.at += 1;
    return { parts: [{ kind: 'result' }] };
  }

  /** Handles reserved words, function names and `case` patterns. @returns whether the word was one of them */
  #readReserved(word: Word): boolean {
    const text = bareText(word) ?? '';
    if (text === 'esac') this.#cases = Math.max(0, this.#cases - 1);
    else if (this.#scan.take(/[ \t]*\([ \t]*\)/y) !== undefined) this.#found.functions.add(text);
    else if (text === 'function') this.#found.functions.add(this.#nextName());
    else if (text === 'for' || text === 'select') this.#readLoop();
    else if (text === 'case') this.#readCase();
    else if (this.#cases > 0 && this.#scan.take(/[ \t]*(?:\|[^)]*)?\)/y) !== undefined) return true;
    else return OPENING.has(text) || CLOSING.has(text);
    return true;
  }

  #readLoop(): void {
    this.#found.loopVariables.add(this.#nextName());
    this.#scan.take(/[ \t]*in(?=[ \t])/y);
    this.#found.steps.push({ kind: 'for', words: this.#restOfWords() });
  }

  #readCase(): void {
    this.#scan.skipBlanks();
    this.#found.steps.push({ kind: 'case', words: [this.#word.read()] });
    this.#scan.take(/\s*in\b\s*\(?/y);
    this.#cases += 1;
  }

  #restOfWords(): Word[] {
    const words: Word[] = [];
    for (this.#scan.skipBlanks(); !/^[;&|()\n]?$/.test(this.#scan.letter()); this.#scan.skipBlanks()) {
      if (this.#scan.take(/[<>]/y) === undefined) words.push(this.#word.read());
    }
    return words;
  }

  #nextName(): string {
    this.#scan.skipBlanks();
    return bareText(this.#word.read()) ?? '';
  }
}
