/** What a line of a log says of itself: when it was written, and by what. Its form is that of src/schedule/tries/log-lines.ts. */

/** Printed on stdout or stderr, or told by the schedule about the try. */
export type LineKind = 'out' | 'err' | 'told';

export interface LogLine {
  /** Epoch milliseconds; undefined for the rest of a long line, and for what has another form. */
  readonly time: number | undefined;
  readonly kind: LineKind;
  readonly text: string;
}

const PREFIX = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([OE#])([ +])/;
const KINDS: Readonly<Record<string, LineKind>> = { O: 'out', E: 'err', '#': 'told' };

/** Reads a line without its end; one of another form is text that was printed. */
export function parseLine(line: string): LogLine {
  const [prefix = '', time = '', letter = '', sign] = PREFIX.exec(line) ?? [];
  const isNew = prefix !== '' && sign === ' ';
  return {
    time: isNew ? Date.parse(time) : undefined,
    kind: KINDS[letter] ?? 'out',
    text: line.slice(prefix.length),
  };
}
