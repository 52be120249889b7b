/** Parses single lines by the first format that matches. */

import type { LogFormat } from './compile-format.ts';
import { JsonLines } from './json-line.ts';
import type { Formats } from './log-format.ts';
import type { LogTimes } from './log-time.ts';
import { type Fault, likelier, notALogLine, parseLine, type Values } from './parse-line.ts';

/** Kinds of faults that may mean that the line has another format. */
const OTHER_FORMAT =
  /^(?:not a log line|without a request|broken|with more text|bad (?:remote_addr|ident|user|x_forwarded_for))$/;
/** The fault of a last line that may be incomplete. */
export const TORN: Fault = {
  kind: 'torn',
  detail: () => 'last line has no newline, and may be incomplete',
  at: 0,
};

/** Parses the lines of one source after another. */
export class LineParser {
  /** The format of the last line parsed in this source, possibly by the kernel. */
  format: LogFormat | undefined;
  readonly #formats: Formats;
  readonly #times: LogTimes;
  readonly #json: JsonLines | undefined;

  constructor(formats: Formats, times: LogTimes) {
    this.#formats = formats;
    this.#times = times;
    if (formats.json) this.#json = new JsonLines(formats.columns, times);
  }

  /**
   * The values of a line, or a fault.
   *
   * @param line its bytes, decoded as Latin-1 @param torn whether it has no newline
   */
  parse(line: string, torn: boolean): Values | Fault {
    const isJson = this.#json !== undefined && line.startsWith('{');
    const result = isJson ? this.#json.read(line) : this.#parseText(line, torn);
    return Array.isArray(result) ? result : withHint(result, this.#formats.hint);
  }

  #parseText(line: string, torn: boolean): Values | Fault {
    const { formats, columns } = this.#formats;
    let fault: Fault | undefined;
    for (const format of formats) {
      if (torn && !this.#isKnownWhole(format)) continue;
      const result = parseLine(line, format, columns.length, this.#times);
      if (Array.isArray(result)) {
        this.format = format;
        return result;
      }
      fault = likelier(fault, result);
    }
    return fault ?? (torn ? TORN : notALogLine(line));
  }

  /** Whether a line without newline is known to be complete, and not the start of one in another format. */
  #isKnownWhole(format: LogFormat): boolean {
    const last = format.fields.at(-1);
    if (last === undefined || (last.after === '' && last.kind !== 'time')) return false;
    return this.format === undefined || this.format === format;
  }
}

/** Adds the hint to a fault, if the line may have a format that was not tried. */
function withHint(fault: Fault, hint: string): Fault {
  if (hint === '' || !OTHER_FORMAT.test(fault.kind)) return fault;
  return { ...fault, detail: () => `${fault.detail()} (${hint})` };
}
