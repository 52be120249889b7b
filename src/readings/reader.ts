/**
 * From lines to readings: each line is used, is a header, or is rejected with a reason.
 *
 * A record whose quoted field holds a line break is put together from its lines; a quote that never closes costs its
 * own line only.
 */

import { Interpreter, type InterpretOptions, isReading, type Meaning } from './interpreter.ts';
import { type Line, quote, type Reject } from './line.ts';
import type { Reading } from './reading.ts';

/** Takes a reading, and the line that it came from. */
export type Use = (reading: Reading, line: Line) => void;

/** More lines than this are not one record: its quote is a mistake. */
const LONGEST_RECORD = 16;

export class ReadingsReader {
  readonly #interpreter: Interpreter;
  readonly #use: Use;
  readonly #reject: Reject;
  /** The lines of a record that is not complete yet. */
  #open: Line[] = [];
  #source: string | undefined;

  constructor(options: InterpretOptions, use: Use, reject: Reject) {
    this.#interpreter = new Interpreter(options);
    this.#use = use;
    this.#reject = reject;
  }

  /** Takes the next line. @throws Failure (data) when a column that was asked for is not there */
  take(line: Line): void {
    if (line.source !== this.#source) {
      this.end();
      this.#source = line.source;
      this.#interpreter.begin();
    }
    if (this.#open.length > 0) this.#goOn(line);
    else if (isOpen(line.text)) this.#open = [line];
    else this.#judge(this.#interpreter.interpret(line.text, line), line);
  }

  /** Says that no line follows. */
  end(): void {
    while (this.#open.length > 0) this.#giveUp(this.#open);
  }

  /** The record goes on with this line, and perhaps ends. */
  #goOn(line: Line): void {
    const lines = [...this.#open, line];
    const text = lines.map((part) => part.text).join('\n');
    if (isOpen(text)) {
      if (lines.length < LONGEST_RECORD) this.#open = lines;
      else this.#giveUp(lines);
      return;
    }
    const meaning = this.#interpreter.interpret(text, line);
    if (isReading(meaning)) {
      this.#open = [];
      this.#use(meaning, line);
    } else {
      this.#giveUp(lines);
    }
  }

  /** They are not one record: the first line is rejected, the others are taken for themselves. */
  #giveUp([first, ...others]: readonly Line[]): void {
    this.#open = [];
    if (first)
      this.#reject(first, { kind: 'malformed', detail: `quote is not closed: ${quote(first.text)}` });
    for (const line of others) this.take(line);
  }

  #judge(meaning: Meaning, line: Line): void {
    if (meaning === 'header') return;
    if (isReading(meaning)) this.#use(meaning, line);
    else this.#reject(line, meaning);
  }
}

/** Whether a quoted field goes on in the next line. */
function isOpen(text: string): boolean {
  if (!text.includes('"') || text.startsWith('{')) return false;
  return text.split('"').length % 2 === 0;
}
