/** Parses the prefix of a log line: its time and source. The format is that of src/schedule/tries/log-lines.ts. */

/** Printed on stdout or stderr, or a remark by the schedule. */
export type LineKind = 'out' | 'err' | 'told';

export interface LogLine {
  /** In epoch ms; undefined for the continuation of a long line, and for a line without the prefix. */
  readonly time: number | undefined;
  readonly kind: LineKind;
  readonly text: string;
}

const PREFIX = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([OE#])([ +])/;
const KINDS: Readonly<Record<string, LineKind>> = { O: 'out', E: 'err', '#': 'told' };

/** Parses a line without its newline. One without the prefix is plain output. */
export function parseLine(line: string): LogLine {
  const [prefix = '', time = '', letter = '', sign] = PREFIX.exec(line) ?? [];
  const isNew = prefix !== '' && sign === ' ';
  return {
    time: isNew ? Date.parse(time) : undefined,
    kind: KINDS[letter] ?? 'out',
    text: line.slice(prefix.length),
  };
}
