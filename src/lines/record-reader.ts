/**
 * Assembles records from lines. Each record is used, is a header, or is rejected with a reason.
 *
 * A record with a line break in a quoted field spans several lines. If a quote is not closed within the limits, only its
 * own line is rejected. Memory: the lines of one record.
 */

import { LONGEST_LINE, MAX_RECORD_LINES, tooLongRecord } from './limits.ts';
import { type Line, quote, type Reject, type Rejection } from './line.ts';
import { swapBreaks } from './line-ends.ts';

/** What a record means; `nothing` is neither a row nor a mistake, such as a header. */
export type Meaning<Row> = Row | Rejection | 'nothing';

/** Interprets records; it may remember a header. */
export interface Interpreter<Row> {
  /** Begins another source. */
  begin(): void;
  /** The meaning of a record. @param line its first line, for messages, with `torn` of its last */
  interpret(text: string, line: Line): Meaning<Row>;
}

/** Takes the lines of one source after the other, and passes each record on as a row or as a rejection. */
export class RecordReader<Row extends object> {
  readonly #interpreter: Interpreter<Row>;
  readonly #use: (row: Row, line: Line) => void;
  readonly #reject: Reject;
  readonly #comment: string | undefined;
  #comments = 0;
  /** The lines of an unfinished record. */
  #open: Line[] = [];
  /** In bytes, including the line breaks between them. */
  #openLength = 0;
  #source: string | undefined;
  /** Of the last line. */
  #number = 0;

  /** @param comment the prefix of lines that are dropped where a record may begin; undefined for none */
  constructor(
    interpreter: Interpreter<Row>,
    use: (row: Row, line: Line) => void,
    reject: Reject,
    comment?: string,
  ) {
    this.#comment = comment;
    this.#interpreter = interpreter;
    this.#use = use;
    this.#reject = reject;
  }

  /** Takes the next line. @throws what the interpreter throws */
  take(line: Line): void {
    // The same file may be read twice in a row.
    const isFirst = line.source !== this.#source || line.number <= this.#number;
    this.#number = line.number;
    const before = this.#open.at(-1);
    // A record must not silently skip a line that was rejected as too long.
    if (isFirst || (before !== undefined && line.number !== before.number + 1)) this.end();
    if (isFirst) {
      this.#source = line.source;
      this.#interpreter.begin();
    }
    this.#add(line);
  }

  /** Lines of all sources that were comments. */
  get comments(): number {
    return this.#comments;
  }

  /** Whether a record is unfinished. */
  get isOpen(): boolean {
    return this.#open.length > 0;
  }

  /** Continues in the middle of a source, like its interpreter. */
  resume(source: string): void {
    this.#open = [];
    this.#source = source;
    this.#number = 0;
  }

  /** Ends the last source. */
  end(): void {
    while (this.#open.length > 0) this.#giveUp(this.#open);
  }

  #add(line: Line): void {
    const [first] = this.#open;
    if (first !== undefined) this.#extend(first, line);
    else if (this.#comment !== undefined && line.text.startsWith(this.#comment)) this.#comments += 1;
    else if (!isOpen(line.text)) this.#judge(line);
    else {
      this.#open = [line];
      this.#openLength = Buffer.byteLength(line.text);
    }
  }

  /** Extends the open record, and perhaps completes it. Until then no line is scanned twice, so the cost is linear. */
  #extend(first: Line, last: Line): void {
    this.#openLength += (this.#open.at(-1)?.hasReturn ? 2 : 1) + Buffer.byteLength(last.text);
    this.#open.push(last);
    const lines = this.#open;
    if (this.#openLength > LONGEST_LINE) {
      this.#giveUp(lines, tooLongRecord);
      return;
    }
    const isComplete = hasOddQuotes(last.text);
    if (!isComplete && lines.length < MAX_RECORD_LINES) return;
    const line = { ...first, torn: last.torn };
    const text = joined(lines);
    const meaning = isComplete ? this.#interpreter.interpret(text, line) : unclosed(first);
    if (meaning !== 'nothing' && !isRow(meaning)) {
      this.#giveUp(lines);
      return;
    }
    this.#open = [];
    if (meaning !== 'nothing') this.#use(meaning, { ...line, text });
  }

  /** Rejects the first of several lines that are not a record, and takes the others as lines of their own. */
  #giveUp([first, ...others]: readonly Line[], reason?: Rejection): void {
    this.#open = [];
    if (first) this.#reject(first, reason ?? unclosed(first));
    for (const line of others) this.#add(line);
  }

  #judge(line: Line): void {
    const text = line.hasSwappedBreaks ? swapBreaks(line.text) : line.text;
    const meaning = this.#interpreter.interpret(text, line);
    if (meaning === 'nothing') return;
    if (isRow(meaning)) this.#use(meaning, line);
    else this.#reject(line, meaning);
  }
}

function unclosed({ text }: Line): Rejection {
  return { kind: 'malformed', detail: `quote is not closed: ${quote(text)}` };
}

/** Whether it is a row: rejections have a kind, rows do not. */
export function isRow<Row extends object>(meaning: Meaning<Row>): meaning is Row {
  return meaning !== 'nothing' && !('kind' in meaning);
}

/** Whether a quoted field of a line continues on the next one. */
function isOpen(text: string): boolean {
  return hasOddQuotes(text) && !text.startsWith('{');
}

function hasOddQuotes(text: string): boolean {
  return text.includes('"') && text.split('"').length % 2 === 0;
}

/** The text of a record. */
function joined(lines: readonly Line[]): string {
  const text = lines
    .map((line) => line.text)
    .reduce((all, text, at) => all + (lines[at - 1]?.hasReturn ? '\r\n' : '\n') + text);
  return lines[0]?.hasSwappedBreaks ? swapBreaks(text) : text;
}
