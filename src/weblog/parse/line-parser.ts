/** Reads single lines, each by the format that fits. */

import type { LogFormat } from './compile-format.ts';
import { JsonLines } from './json-line.ts';
import type { Formats } from './log-format.ts';
import type { LogTimes } from './log-time.ts';
import { type Fault, likelier, notALogLine, parseLine, type Values } from './parse-line.ts';

/** The kinds of faults that a line of another format may have. */
const OF_OTHERS =
  /^(?:not a log line|without a request|broken|with more text|bad (?:remote_addr|ident|user|x_forwarded_for))$/;
/** The fault of a last line that may be torn. */
export const TORN: Fault = {
  kind: 'torn',
  detail: () => 'last line has no newline, and may be half a line',
  at: 0,
};

/** Reads the lines of one source after another. */
export class LineParser {
  /** The format of the source's last line that had one; the kernel may have read it. */
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
   * The values of a line, or why there are none.
   *
   * @param line its bytes, one per character
   * @param torn whether it has no newline
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
      if (torn && !this.#wouldBeWhole(format)) continue;
      const result = parseLine(line, format, columns.length, this.#times);
      if (Array.isArray(result)) {
        this.format = format;
        return result;
      }
      fault = likelier(fault, result);
    }
    return fault ?? (torn ? TORN : notALogLine(line));
  }

  /** Whether a line without newline of this format is known to be whole, and not the beginning of one in another format. */
  #wouldBeWhole(format: LogFormat): boolean {
    const last = format.fields.at(-1);
    if (last === undefined || (last.after === '' && last.kind !== 'time')) return false;
    return this.format === undefined || this.format === format;
  }
}

/** The fault with a hint, if the line may have a format that was not tried. */
function withHint(fault: Fault, hint: string): Fault {
  if (hint === '' || !OF_OTHERS.test(fault.kind)) return fault;
  return { ...fault, detail: () => `${fault.detail()} (${hint})` };
}
